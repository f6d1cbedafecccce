import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ownCommand } from '../../../src/cli/diagnosis/own-command.ts'

const node = { execPath: '/usr/bin/node', execArgv: ['--v8-pool-size=1'] }

t.test('the command is the one beside that which runs, and no other', async (t) => {
  const directory = t.testdir({
    bin: { clp_sambamon: '', clp_fsmon: '' },
    src: { 'clp_nfsmon.ts': '', 'clp_fsmon.ts': '' },
    links: {},
    alone: { clp_nfsmon: '' },
    other: { node_of_mine: '', clp_fsmon: '' },
  })
  const of = async (path: string) =>
    ownCommand({ ...node, argv: [node.execPath, join(directory, path), 'x'] })
  const found = (path: string) => ({
    file: '/usr/bin/node',
    args: ['--v8-pool-size=1', join(directory, path)],
  })
  t.strictSame(await of('bin/clp_sambamon'), found('bin/clp_fsmon'))
  t.strictSame(await of('bin/clp_fsmon'), found('bin/clp_fsmon'), 'of a process with many watches')
  t.strictSame(await of('src/clp_nfsmon.ts'), found('src/clp_fsmon.ts'))
  symlinkSync('../bin/clp_sambamon', join(directory, 'links/clp_sambamon'))
  t.strictSame(await of('links/clp_sambamon'), found('bin/clp_fsmon'), 'not beside a link to it')
  for (const path of ['alone/clp_nfsmon', 'other/node_of_mine', 'bin/gone', '']) {
    t.equal(await of(path), undefined, path)
  }
  t.equal(await ownCommand({ ...node, argv: [] }), undefined)
})

t.test('a process that is none of our commands has none', async (t) => {
  t.equal(await ownCommand(), undefined)
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isFleetControl } from '../../../src/cli/fleet/control-fleet.ts'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { Registry } from '../../../src/registry/registry.ts'
import { startCommand } from '../../helpers/command.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { watchedNfs } from '../../helpers/nfs-watch.ts'

t.test('an ID with a control behind it is no subcommand', (t) => {
  for (const words of [
    ['all', '-stop'],
    ['all', '--pause'],
    ['run', '-disp', '--json'],
  ]) {
    t.equal(isFleetControl(words), true, words.join(' '))
  }
  for (const words of [[], ['run'], ['status', 'all'], ['-stop', '-stop'], ['run', '--check']]) {
    t.equal(isFleetControl(words), false, words.join(' '))
  }
  t.end()
})

t.test('a process with many watches is controlled by its ID as a monitor is', async (t) => {
  const nfs = await watchedNfs(t)
  const root = nfs.env.CLP_FSMON_ROOT
  const [, directory = '', , address = '', port = '', , mountPort = ''] = nfs.argv
  const file = join(root, 'all.toml')
  const list = ['a', 'b'].map((id) =>
    [
      '[[watch]]',
      `id = "${id}"`,
      'kind = "nfs"',
      `directory = "${directory}"`,
      `address = "${address}"`,
      `nfs-port = ${port.slice(2)}`,
      `mount-port = ${mountPort}`,
      'nfs-version = "3"',
      '',
    ].join('\n'),
  )
  writeFileSync(file, list.join(''))
  const command = startCommand(t, 'clp_fsmon', ['run', file], { env: nfs.env, fromSource: true })
  const registry = new Registry(layoutUnder(root).run)
  const state = async (id: string) => {
    const entry = await registry.read(id)
    return entry.kind === 'live' ? entry.record.state : entry.kind
  }
  await eventually('both watch', async () => (await state('all')) === 'watching')
  const ask = async (...words: string[]) => {
    const io = fakeIo({ CLP_FSMON_ROOT: root }, process.getuid?.() ?? 0)
    const status = await fsmonMain(words, io)
    return { status, out: io.printed(), err: io.complained() }
  }
  t.match(await ask('all', '-disp'), {
    status: 0,
    out: new RegExp(`^${command.pid}\\nstate: watching`),
  })
  t.match(await ask('all', '-pause'), { status: 0, out: /all is paused/ })
  t.strictSame([await state('a'), await state('b')], ['paused', 'paused'])
  t.match(await ask('all', '-continue'), { status: 0, out: /all watches again/ })
  t.match(await ask('all', '-pause', '600'), {
    status: 0,
    out: /all is paused until .*extensions left: 3/,
  })
  await eventually('the process says when its pause ends', async () =>
    (await ask('all', '-disp')).out.includes('\npause ends: '),
  )
  t.match(await registry.read('b'), { record: { pauseEnd: { extensionsLeft: 3 } } })
  t.match(await ask('status'), { out: /pause ends 20.*extensions left: 3/ })
  t.match(await ask('all', '-pause', '900'), { out: /extensions left: 2/ })
  t.match(await ask('all', '-pause', '1'), { status: 0 }, 'the end may come earlier')
  for (const id of ['a', 'b']) {
    await eventually(`${id} goes on by itself`, async () => (await state(id)) === 'watching')
  }
  t.match(await ask('a', '-stop'), { status: 3, err: /a belongs to clp_nfsmon/ })
  t.match(await ask('all', '-del'), { status: 3, err: /all is running/ })
  t.match(await ask('all', '-stop', '-i', '3'), { status: 2, err: /-i/ })
  t.match(await ask('all', '-stop', 'soon'), { status: 2, err: /soon/ })
  t.match(await ask('all', '-stop', '--help'), { status: 2 })
  t.match(await ask('all', '-stop'), { status: 0, out: /all has stopped/ })
  t.match(await command.ended, { status: 0 })
  t.match(await ask('all', '-stop'), { status: 0, out: /had already ended/ })
  t.match(await ask('nobody', '-stop'), { status: 3, err: /nobody/ })
  t.match(await ask('all', '-del'), { status: 0 })
  t.equal(await state('all'), 'none')
})

t.test('only root controls it, but in a trial', async (t) => {
  const io = fakeIo({}, 1000)
  t.equal(await fsmonMain(['all', '-stop'], io), 4)
  t.match(io.complained(), /root/)
})

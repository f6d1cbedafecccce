import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
const directory = t.testdir()
execFileSync(
  'env',
  [
    '-u',
    'NODE_OPTIONS',
    process.execPath,
    join(root, 'scripts/manual-pages.mjs'),
    join(directory, 'man'),
    join(directory, 'bash'),
    '2026-01-01',
  ],
  { stdio: 'pipe' },
)

/** What bash offers at the end of a line. */
function offered(line: string, lines = ''): string[] {
  const words = line.split(' ')
  const [command = ''] = words
  const script = `${lines}
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _${command}
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const file = join(directory, 'bash', command)
  return execFileSync('bash', ['-c', script, 'bash', file, ...words], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
}

const values: [line: string, offered: string[]][] = [
  ['clp_sambamon x --depth ', ['service', 'share', 'read', 'write']],
  ['clp_sambamon x --depth re', ['read']],
  ['clp_nfsmon x --transport ', ['tcp', 'udp']],
  ['clp_nfsmon x --nfs-version 4.', ['4.0', '4.1', '4.2']],
  ['clp_nfsmon --lang ', ['en', 'ja']],
  ['clplcnsc -i -p ', ['FSMON20']],
  ['clplcnsc --lang ', ['en', 'ja']],
  ['clp_fsmon template samba', ['samba', 'samba-mon']],
  ['clp_fsmon explain 7', ['7', '71', '72', '73', '74', '75']],
  ['clp_fsmon sta', ['status']],
  ['clp_fsmon al', ['alerts']],
  ['clp_fsmon alerts --level ', ['info', 'warn', 'error']],
]
for (const [line, expected] of values) {
  t.test(`offered behind: ${line}`, async (t) => {
    t.strictSame(offered(line), expected)
  })
}

t.test('options and identifiers are offered where they belong', async (t) => {
  t.ok(offered('clp_sambamon x --c').includes('--credentials'))
  t.ok(offered('clp_fsmon template --').includes('--share'))
  const run = join(directory, 'root/run/clp-fsmon')
  mkdirSync(run, { recursive: true })
  writeFileSync(join(run, 'w1.json'), '{}')
  const where = `CLP_FSMON_ROOT=${join(directory, 'root')}`
  t.strictSame(offered('clp_sambamon w', where), ['w1'])
  t.strictSame(
    offered('clp_fsmon status ', where).filter((word) => !word.startsWith('-')),
    ['w1'],
  )
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { finish } from '../helpers/lab/command.ts'
import { skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)

const root = join(import.meta.dirname, '../..')

type Series = { rounds: { wallMs: number[]; failed: number; connections: number }[] }
type Run = {
  failures: string[]
  series: Record<string, Series>
  aims: { id: string; met?: boolean }[]
}

t.test('the benchmark measures beside smbclient', { skip: skipOutsideLab() }, async (t) => {
  const file = join(t.testdir(), 'run.json')
  const argv = [
    join(root, 'bench/main.mjs'),
    '--quick',
    '--no-install',
    '--only',
    'samba',
    '--json',
    file,
  ]
  const { status, stdout, stderr } = await finish('env', [
    '-u',
    'NODE_OPTIONS',
    process.execPath,
    ...argv,
  ])
  t.equal(stderr, '', 'a pipe is not told how far it is')
  const { failures, series, aims } = JSON.parse(readFileSync(file, 'utf8')) as Run
  t.strictSame(failures, [])
  for (const [name, checksARound] of Object.entries({
    'ours, in process': 10,
    'ours, clp_sambamon --check': 1,
    'smbclient -c exit': 1,
  })) {
    const rounds = series[`samba/${name}`]?.rounds ?? []
    t.equal(rounds.length, 5, name)
    for (const { wallMs, failed, connections } of rounds) {
      t.equal(wallMs.length, checksARound, 'every sample is there')
      t.equal(failed, 0)
      t.equal(connections, 1, 'a connection for each check')
    }
    t.match(stdout, name)
  }
  const judged = aims.find(({ id }) => id === 'samba-cpu-smbclient')
  t.type(judged?.met, 'boolean')
  t.equal(status, aims.some(({ met }) => met === false) ? 1 : 0)
})

import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeReport } from '../../../../src/cli/fsmon/report/write-report.ts'

const about = { heading: 'a heading', now: new Date('2026-01-01T00:00:00Z'), limitMs: 60_000 }

t.test('a report holds its parts, masked, and an index that says how each went', async (t) => {
  const file = join(t.testdir(), 'report.tar.gz')
  const index = await writeReport(
    file,
    [
      {
        file: 'one.txt',
        about: 'first',
        collect: async () => ({ output: 'password = s3cret\n', outcome: 'ok' }),
      },
      {
        file: 'other.txt',
        about: 'second',
        collect: async () => {
          throw new Error('no such luck')
        },
      },
    ],
    about,
  )
  t.match(
    index,
    /^a heading\n\none\.txt +first \(ok, \d+ ms\)\nother\.txt +second \(failed: .*luck/,
  )
  t.equal(statSync(file).mode & 0o777, 0o600)
  const content = (name: string) =>
    execFileSync('tar', ['xzOf', file, `clp-fsmon-report/${name}`], { encoding: 'utf8' })
  t.equal(content('index.txt'), index)
  t.equal(content('one.txt'), 'password = ***\n')
  t.equal(content('other.txt'), '')
})

t.test('a part that does not end is given up, and told its time is over', async (t) => {
  const file = join(t.testdir(), 'report.tar.gz')
  const collect = async (signal: AbortSignal) =>
    new Promise<{ output: string; outcome: string }>((resolve) => {
      const keepAlive = setInterval(() => {}, 1000)
      signal.addEventListener('abort', () => {
        clearInterval(keepAlive)
        resolve({ output: 'so far', outcome: 'too slow' })
      })
    })
  const parts = [{ file: 'one.txt', about: 'first', collect }]
  t.match(await writeReport(file, parts, { ...about, limitMs: 20 }), /too slow/)
})

t.test('nothing is overwritten', async (t) => {
  const file = join(t.testdir(), 'report.tar.gz')
  writeFileSync(file, 'mine')
  await t.rejects(writeReport(file, [{ file: 'a', about: 'b', collect }], about), {
    code: 'EEXIST',
  })
  t.equal(readFileSync(file, 'utf8'), 'mine')
})

async function collect() {
  return { output: '', outcome: 'ok' }
}

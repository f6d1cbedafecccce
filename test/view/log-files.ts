import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { closeLog, headOf, logPaths, openLog, readAt } from '../../src/view/log-files.ts'
import { AlertLog, alertLine, alertLines } from '../helpers/alert-log.ts'

/** The names and heads of a log's files. */
async function look(t: Test, path: string): Promise<[string, string | undefined][]> {
  const sources = await openLog(path)
  t.teardown(() => closeLog(sources))
  const seen: [string, string | undefined][] = []
  for (const source of sources) seen.push([basename(source.path), await headOf(source)])
  return seen
}

t.test('the files of a log are found, the oldest first, and nothing else', async (t) => {
  const names = [
    'alert.log',
    'alert.log.1',
    'alert.log.10.gz',
    'alert.log.2.gz',
    'alert.log.2',
    'alert.log-20260101.gz',
    'alert.log-20260108',
    'alert.log.bak',
    'alert.log.1.xz',
    'alert.logs',
    'other.log.1',
  ]
  const dir = t.testdir(Object.fromEntries(names.map((name) => [name, ''])))
  t.same(
    (await logPaths(`${dir}/alert.log`)).map((path) => basename(path)),
    [
      'alert.log-20260101.gz',
      'alert.log-20260108',
      'alert.log.10.gz',
      'alert.log.2',
      'alert.log.1',
      'alert.log',
    ],
  )
  t.same(await logPaths(`${dir}/nowhere/alert.log`), [])
  t.same(await logPaths(`${dir}/alert.log/alert.log`), [])
})

t.test('a file is known again after it was renamed and compressed', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLines(0, 100))
  const [[, head] = ['', '']] = await look(t, log.path)
  t.match(head, /^[\w-]{12}$/)
  log.rotate()
  t.same(await look(t, log.path), [['alert.log.1', head]])
  log.rotate()
  log.add(alertLines(100, 101))
  const [old, current] = await look(t, log.path)
  t.same(old, ['alert.log.2.gz', head])
  t.not(current?.[1], head)
})

t.test('a file without a whole line is not known yet, unless it is done with', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add('')
  t.same(await look(t, log.path), [['alert.log', undefined]])
  log.add('{"half":')
  t.same(await look(t, log.path), [['alert.log', undefined]])
  log.rotate()
  t.match(await look(t, log.path), [['alert.log.1', String]])
  log.add('x'.repeat(5000))
  t.match((await look(t, log.path)).at(-1), ['alert.log', String], 'a long beginning will do')
})

t.test(
  'a compressed file is known by its beginning, and one that is damaged not at all',
  async (t) => {
    const dir = t.testdir()
    const text = alertLine(1, { message: Array.from({ length: 3000 }, () => Math.random()).join() })
    writeFileSync(`${dir}/alert.log.1`, text)
    const [[, head] = ['', '']] = await look(t, `${dir}/alert.log`)
    rmSync(`${dir}/alert.log.1`)
    writeFileSync(`${dir}/alert.log.2.gz`, gzipSync(text))
    writeFileSync(`${dir}/alert.log.3.gz`, 'garbage')
    t.same(await look(t, `${dir}/alert.log`), [
      ['alert.log.3.gz', undefined],
      ['alert.log.2.gz', head],
    ])
  },
)

t.test('what is no file is none', async (t) => {
  const dir = t.testdir({ 'alert.log': alertLine(1) })
  mkdirSync(`${dir}/alert.log.1`)
  symlinkSync('/etc/passwd', `${dir}/alert.log.2`)
  t.match(await look(t, `${dir}/alert.log`), [['alert.log', String]])
})

t.test(
  'a rotation while the files are opened makes none of them twice or not at all',
  async (t) => {
    const dir = t.testdir()
    const log = new AlertLog(dir)
    log.add(alertLines(0, 10))
    log.rotate()
    log.add(alertLines(10, 20))
    let opened = 0
    const { openLog: mocked } = await t.mockImport<typeof import('../../src/view/log-files.ts')>(
      '../../src/view/log-files.ts',
      {
        'node:fs/promises': t.createMock(await import('node:fs/promises'), {
          open: async (...args: Parameters<typeof import('node:fs/promises').open>) => {
            opened += 1
            if (opened === 2) {
              renameSync(`${log.path}.1`, `${log.path}.2`)
              renameSync(log.path, `${log.path}.1`)
              log.add(alertLines(20, 30))
            }
            const { open } = await import('node:fs/promises')
            return open(...args)
          },
        }),
      },
    )
    const sources = await mocked(log.path)
    t.teardown(() => closeLog(sources))
    t.same(
      sources.map(({ path }) => basename(path)),
      ['alert.log.2', 'alert.log.1', 'alert.log'],
    )
    const starts: string[] = []
    for (const { handle } of sources) starts.push((await readAt(handle, 0, 60)).toString())
    t.equal(new Set(starts).size, 3)
  },
)

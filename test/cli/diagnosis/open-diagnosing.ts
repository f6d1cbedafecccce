import t from 'tap'
import type { DiagnosisProcess } from '../../../src/cli/diagnosis/diagnosis-process.ts'
import { openDiagnosing, openDiagnosisProcess } from '../../../src/cli/diagnosis/open-diagnosing.ts'
import type { Judged } from '../../../src/watch/onlooker.ts'

const failed = {
  result: { outcome: { kind: 'failed', failure: 'connect' }, lostMs: 0, ms: 1 },
  after: { state: 'failing' },
} as unknown as Judged

const cases: [options: Record<string, string | number | boolean>, words: string[]][] = [
  [
    { share: 'pub', port: 445, user: 'watcher' },
    ['-a', '192.0.2.1', '-s', 'pub', '--port', '445', '--portmapper', 'unused'],
  ],
  [
    { directory: '/data', nfsVersion: 'auto' },
    ['-a', '192.0.2.1', '-d', '/data', '--portmapper', 'perhaps'],
  ],
  [
    { directory: '/data', nfsVersion: '3', nfsPort: 99 },
    ['-a', '192.0.2.1', '-d', '/data', '--port', '99', '--portmapper', 'needed'],
  ],
]
for (const [options, words] of cases) {
  t.test(
    `the command is told of ${String(options['share'] ?? options['directory'])}`,
    async (t) => {
      let told: readonly string[] = []
      const process = {
        start: (all: readonly string[]) => {
          told = all
          return true
        },
      } as unknown as DiagnosisProcess
      const parts = { log: () => undefined, refresh: () => undefined }
      const diagnosing = openDiagnosing({ address: '192.0.2.1', options }, process, parts)
      diagnosing.judged(failed)
      t.strictSame(told, [...words, '--failure', 'connect'])
    },
  )
}

t.test('where there is no command, it is said', async (t) => {
  const log: string[] = []
  t.equal(await openDiagnosisProcess((text) => void log.push(text)), undefined)
  t.match(log, ['no diagnosis: clp_fsmon is not beside the command that runs'])
})

t.test('where there is one, it is opened', async (t) => {
  const argv = process.argv[1]
  t.teardown(() => {
    process.argv[1] = argv ?? ''
  })
  const directory = t.testdir({ clp_sambamon: '', clp_fsmon: '' })
  process.argv[1] = `${directory}/clp_sambamon`
  const opened = await openDiagnosisProcess((text) => t.fail(text))
  t.equal(await opened?.close(1), true)
  if (opened === undefined) return
  const options = { share: 'pub' }
  const parts = { log: () => undefined, refresh: () => undefined }
  const diagnosing = openDiagnosing({ address: '127.0.0.1', options }, opened, parts)
  diagnosing.judged({
    ...failed,
    result: { outcome: { kind: 'ok' } },
  } as unknown as Judged)
  t.strictSame(diagnosing.status(), {})
})

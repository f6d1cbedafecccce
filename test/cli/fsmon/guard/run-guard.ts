import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { loadGuardTexts } from '../../../../src/cli/fsmon/guard/guard-texts.ts'
import { guard, type GuardOptions } from '../../../../src/cli/fsmon/guard/run-guard.ts'
import type { ProcessHandlers } from '../../../../src/cli/monitor/process-events.ts'
import { loadTexts } from '../../../../src/cli/texts.ts'
import { identityOf } from '../../../../src/registry/process-identity.ts'
import { recordPath } from '../../../../src/registry/record-file.ts'
import { encodeRecord, type MonitorRecord } from '../../../../src/registry/record.ts'
import { eventually } from '../../../helpers/eventually.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { nobody, sampleRecord } from '../../../helpers/sample-record.ts'

t.setTimeout(120_000)
// Every guard hears signals, which in one process are many.
process.setMaxListeners(50)

const words = await loadGuardTexts('en')
const texts = await loadTexts('en')
const bootId = identityOf(process.pid)?.bootId ?? ''

/** A guard in this process. */
function start(root: string, options: GuardOptions = {}, uid = 0) {
  const io = fakeIo(root === '' ? {} : { CLP_FSMON_ROOT: root }, uid)
  let handlers: ProcessHandlers | undefined
  const ended = guard({
    options,
    words,
    texts,
    io,
    listen: (those) => {
      handlers = those
    },
  })
  return { io, ended, handlers: () => handlers }
}

async function once(root: string, options: GuardOptions = {}) {
  const { io, ended } = start(root, options)
  return { status: await ended, out: io.printed(), err: io.complained() }
}

function put(root: string, more: Partial<MonitorRecord>): string {
  const { ended: _, pausedSince: __, ...record } = sampleRecord({ uptimeMs: uptime() * 1000 })
  const directory = join(root, 'run/clp-fsmon')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = recordPath(directory, more.id ?? record.id)
  writeFileSync(path, encodeRecord({ ...record, ...more }))
  return path
}

function log(root: string): string[] {
  const path = join(root, 'var/log/clp-fsmon/alert.log')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines
    .map((line): { kind: string; id?: number; monitor?: string; module: string; message: string } =>
      JSON.parse(line),
    )
    .map(({ kind, id, monitor, module, message }) =>
      [kind, id ?? '-', monitor, module, message].join(' '),
    )
}

t.test('where all is well nothing is said, and nothing alerted', async (t) => {
  const root = t.testdir()
  t.match(await once(root), { status: 0, out: '0 records: all monitors are well.\n', err: '' })
  put(root, {})
  t.match(await once(root), { status: 0, out: '1 records: all monitors are well.\n' })
  const { status, out } = await once(root, { json: true })
  t.equal(status, 0)
  t.strictSame(JSON.parse(out), { records: 1, found: [] })
  t.strictSame(log(root), [])
})

t.test(
  'one that vanished is alerted once as its own module, and that it is over is a line',
  async (t) => {
    const root = t.testdir()
    const place = put(root, {
      command: 'clp_nfsmon',
      target: '/e @ 192.0.2.1',
      process: { ...nobody, bootId },
    })
    put(root, { id: 'old', process: nobody })
    const first = await once(root, { json: true })
    t.equal(first.status, 1)
    t.match(JSON.parse(first.out), {
      records: 2,
      found: [{ alert: 130, trouble: 'vanished', id: 'watch1', pid: nobody.pid, others: [] }],
    })
    const who = `watch1 (process ${nobody.pid})`
    const said = [
      `alert 130 watch1 nfsmon A monitor has vanished without having ended: ${who}.`,
      `log - guard sambamon guard: old (process ${nobody.pid}) vanished before the machine restarted`,
    ]
    t.strictSame(log(root), said)
    const second = await once(root)
    t.match(second, { status: 1, out: `${who}: vanished without having ended\n` })
    t.strictSame(log(root), said)
    rmSync(place)
    t.equal((await once(root)).status, 0)
    t.strictSame(log(root), [...said, `log - watch1 nfsmon guard: 130 is over: ${who}`])
  },
)

t.test('one that hangs is alerted by a loop, which a signal ends', async (t) => {
  const root = t.testdir()
  // This process is there, but it has no control socket.
  put(root, { worstCaseMs: 1000, uptimeMs: uptime() * 1000 - 60_000 })
  const loop = start(root, { watch: true, interval: '1' })
  await eventually('an alert', () => log(root).length > 0)
  t.match(log(root), [
    /^alert 131 watch1 sambamon .*: watch1 \(process \d+\) hangs, silent for 6\d s\.$/,
  ])
  const other = start(root, { watch: true })
  t.equal(await other.ended, 3)
  t.match(other.io.complained(), /already/)
  const single = await once(root)
  t.match(single, { status: 1, err: /gives the alerts/, out: /^watch1 .*: hangs, silent for/ })
  put(root, { worstCaseMs: 3_600_000 })
  await eventually('it is over', () => log(root).length > 1)
  loop.handlers()?.onStop('SIGTERM')
  t.equal(await loop.ended, 0)
  t.match(log(root).slice(1), [/^log - watch1 sambamon guard: 131 is over: watch1/])
  t.match(loop.io.complained(), /every 1 s/)
})

t.test('a single look that is broken off does not say that all is well', async (t) => {
  const root = t.testdir()
  put(root, { process: { ...nobody, bootId } })
  const single = start(root)
  await eventually('it has begun', () => single.handlers() !== undefined)
  single.handlers()?.onStop('SIGTERM')
  t.equal(await single.ended, 5)
  t.equal(single.io.printed(), '')
  t.strictSame(log(root), [])
})

t.test('a bug ends it', async (t) => {
  const root = t.testdir()
  const loop = start(root, { watch: true })
  await eventually('it has begun', () => loop.handlers() !== undefined)
  loop.handlers()?.onBug(new Error('a bug'))
  t.equal(await loop.ended, 5)
  t.match(log(root), [/bug, the guard ends: Error: a bug/])
})

t.test('what keeps it from its work is told', async (t) => {
  t.equal(await start('', {}, 1000).ended, 4)
  const noPlace = await once(t.testdir({ var: { lib: { 'clp-fsmon': 'a file' } } }))
  t.equal(noPlace.status, 5)
  t.not(noPlace.err, '')
  const settings = '[defaults.samba]\nintervall = 3\n'
  const wrong = await once(t.testdir({ etc: { 'clp-fsmon': { 'clp-fsmon.toml': settings } } }))
  t.equal(wrong.status, 2, wrong.err)
  const unreadable = await once(t.testdir({ run: { 'clp-fsmon': 'a file' } }))
  t.equal(unreadable.status, 5)
})

t.test(
  'a memory that is damaged is begun anew, one that cannot be written is told of',
  async (t) => {
    const root = t.testdir()
    const directory = join(root, 'var/lib/clp-fsmon/guard')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    chmodSync(join(root, 'var/lib/clp-fsmon'), 0o700)
    writeFileSync(join(directory, 'memory.json'), '{')
    t.equal((await once(root)).status, 0)
    t.match(log(root), [/damaged/])
    rmSync(join(directory, 'memory.json'))
    mkdirSync(join(directory, 'memory.json.tmp'))
    const full = await once(root)
    t.match(full, { status: 5, err: /cannot be stored/ })
  },
)

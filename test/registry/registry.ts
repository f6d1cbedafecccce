import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { ControlServer } from '../../src/registry/control-server.ts'
import { fileStem, socketName } from '../../src/registry/identifier.ts'
import { identityOf } from '../../src/registry/process-identity.ts'
import { encodeRecord } from '../../src/registry/record.ts'
import { recordPath } from '../../src/registry/record-file.ts'
import { Registry } from '../../src/registry/registry.ts'
import { openSocketPath } from '../../src/registry/socket-path.ts'
import { applicant } from '../helpers/applicant.ts'
import { bundleChild, startBundled } from '../helpers/bundled-child.ts'
import { nobody, sampleRecord } from '../helpers/sample-record.ts'
import { spawnSleeper } from '../helpers/sleeper.ts'

// Processes have to be started here, and a crash in a lock costs its stale time.
t.setTimeout(180_000)

const childFile = await bundleChild(
  new URL('../helpers/register-child.ts', import.meta.url),
  `${t.testdir()}/register-child.mjs`,
)
const silent = () => undefined

async function startChild(dir: string, id: string, count: number): Promise<ChildProcess> {
  const child = startBundled(childFile, [dir, id, String(count)])
  await once(child, 'message')
  return child
}

async function resultsOf(child: ChildProcess): Promise<string[]> {
  const results = once(child, 'message') as Promise<[string[]]>
  child.send('go')
  return (await results)[0]
}

t.test('of two hundred simultaneous starts of an ID exactly one wins', async (t) => {
  const dir = t.testdir()
  const children = await Promise.all(Array.from({ length: 8 }, () => startChild(dir, 'watch1', 25)))
  const results = (await Promise.all(children.map(resultsOf))).flat()
  t.equal(results.filter((kind) => kind === 'registered').length, 1)
  t.equal(results.filter((kind) => kind === 'in-use').length, 199, results.join(' '))
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(children.map((child) => once(child, 'exit')))
  t.equal((await new Registry(dir).read('watch1')).kind, 'dead')
  const again = await Promise.all(Array.from({ length: 2 }, () => startChild(dir, 'watch1', 30)))
  const second = (await Promise.all(again.map(resultsOf))).flat()
  t.equal(second.filter((kind) => kind === 'registered').length, 1, 'also over a dead record')
  t.equal(second.filter((kind) => kind === 'in-use').length, 59)
  for (const child of again) child.kill('SIGKILL')
})

t.test('a monitor that was killed at any moment never blocks the next start', async (t) => {
  const dir = t.testdir()
  const children = await Promise.all(Array.from({ length: 6 }, () => startChild(dir, 'watch1', 1)))
  for (const [round, child] of children.entries()) {
    child.send('go')
    await delay(round * 4)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const next = await startChild(dir, 'watch1', 1)
  t.same(await resultsOf(next), ['registered'])
  next.kill('SIGKILL')
  await once(next, 'exit')
  t.ok(readdirSync(dir).length <= 3, 'and leaves no heap of files')
})

t.test('different IDs do not get into each other’s way', async (t) => {
  const registry = new Registry(t.testdir())
  const ids = ['a', 'A', 'x'.repeat(255), `${'x'.repeat(254)}y`, 'b1']
  const results = await Promise.all(ids.map((id) => registry.register(applicant(id), silent)))
  t.same(
    results.map(({ kind }) => kind),
    ids.map(() => 'registered'),
  )
  const entries = await registry.list()
  t.same(
    [...entries.values()].map((entry) => ('record' in entry ? entry.record.id : '')).toSorted(),
    ids.toSorted(),
  )
  t.same([...entries.keys()].toSorted(), ids.map(fileStem).toSorted())
})

t.test('an ID is unique across both commands', async (t) => {
  const registry = new Registry(t.testdir())
  await registry.register(applicant('watch1'), silent)
  t.match(await registry.register(applicant('watch1', 'clp_nfsmon'), silent), {
    kind: 'in-use',
    entry: { kind: 'live', record: { command: 'clp_sambamon' } },
  })
})

t.test('what an ID is known for: nothing, a live monitor, an ended one, a dead one', async (t) => {
  const dir = t.testdir()
  const registry = new Registry(dir)
  const stored = async (text: string) => {
    writeFileSync(recordPath(dir, 'watch1'), text)
    return registry.read('watch1')
  }
  const { ended: _, ...running } = sampleRecord()
  t.same(await registry.read('watch1'), { kind: 'none' })
  t.match(await stored(encodeRecord(running)), { kind: 'live' })
  t.match(await stored(encodeRecord(sampleRecord())), { kind: 'ended' })
  t.match(await stored(encodeRecord({ ...running, process: nobody })), { kind: 'dead' })
  t.match(await stored('garbage'), { kind: 'unreadable', isLive: false })
  const later = { ...running, version: 2 }
  t.match(await stored(JSON.stringify(later)), { kind: 'unreadable', isLive: true, reason: /2/ })
  const gone = { ...later, process: nobody }
  t.match(await stored(JSON.stringify(gone)), { kind: 'unreadable', isLive: false })
})

t.test('the number of a process that was given to another is nobody’s', async (t) => {
  const dir = t.testdir()
  const other = await spawnSleeper(t)
  const { ended: _, ...record } = sampleRecord({ process: { ...other, startTicks: '1' } })
  writeFileSync(recordPath(dir, 'watch1'), encodeRecord(record))
  const registry = new Registry(dir)
  t.equal((await registry.read('watch1')).kind, 'dead')
  const result = await registry.register(applicant('watch1'), silent)
  t.match(result, { kind: 'registered', tookOver: /process \d+ is gone/ })
})

t.test('a monitor whose process cannot be seen from here shows by its socket', async (t) => {
  const dir = t.testdir()
  const { ended: _, ...record } = sampleRecord({ process: nobody })
  const registry = new Registry(dir)
  const server = new ControlServer({
    directory: dir,
    name: socketName('watch1'),
    command: 'clp_sambamon',
    handle: async () => ({ ok: true, state: '', text: '' }),
  })
  await server.listen()
  for (const text of [encodeRecord(record), 'garbage']) {
    writeFileSync(recordPath(dir, 'watch1'), text)
    t.equal((await registry.register(applicant('watch1'), silent)).kind, 'in-use')
    t.equal(await registry.remove('watch1', 'clp_sambamon'), 'live')
  }
  server.close()
})

t.test('what is taken over is told; what had ended in good order is not', async (t) => {
  const dir = t.testdir({ precious: 'p' })
  const registry = new Registry(dir)
  const { ended: _, ...running } = sampleRecord({ process: nobody })
  const cases: [() => void, RegExp | undefined][] = [
    [() => undefined, undefined],
    [() => writeFileSync(recordPath(dir, 'watch1'), encodeRecord(sampleRecord())), undefined],
    [() => writeFileSync(recordPath(dir, 'watch1'), encodeRecord(running)), /is gone without/],
    [() => writeFileSync(recordPath(dir, 'watch1'), 'garbage'), /it is not JSON/],
    [() => writeFileSync(recordPath(dir, 'watch1'), '{"version":7}'), /its version is 7/],
    [() => symlinkSync(`${dir}/precious`, recordPath(dir, 'watch1')), /a symbolic link/],
  ]
  for (const [plant, reason] of cases) {
    rmSync(recordPath(dir, 'watch1'), { force: true })
    plant()
    const result = await registry.register(applicant('watch1'), silent)
    if (result.kind !== 'registered') throw new Error('in use')
    if (reason === undefined) t.notOk(result.tookOver)
    else t.match(result.tookOver, reason)
  }
})

t.test('a place that is a directory cannot be taken', async (t) => {
  const dir = t.testdir()
  mkdirSync(recordPath(dir, 'watch1'))
  await t.rejects(new Registry(dir).register(applicant('watch1'), silent), { code: 'EISDIR' })
  t.same(readdirSync(dir), ['watch1.json'])
})

t.test('a directory that cannot be had is an error', async (t) => {
  const dir = t.testdir({ file: '' })
  const registry = new Registry(`${dir}/file`)
  await t.rejects(registry.register(applicant('watch1'), silent), { code: 'EEXIST' })
})

t.test('only a record without a monitor is removed, and only for its own command', async (t) => {
  const dir = t.testdir()
  const registry = new Registry(dir)
  t.equal(await registry.remove('watch1', 'clp_sambamon'), 'unknown')
  const result = await registry.register(applicant('watch1'), silent)
  t.equal(await registry.remove('watch1', 'clp_sambamon'), 'live')
  if (result.kind !== 'registered') throw new Error('in use')
  await result.registration.end({ at: '', how: 'stopped', exitStatus: 0 })
  t.equal(await registry.remove('watch1', 'clp_nfsmon'), 'other-command')
  writeFileSync(`${dir}/${socketName('watch1')}`, 'stale')
  writeFileSync(`${dir}/.watch1.77.tmp`, 'stale')
  t.equal(await registry.remove('watch1', 'clp_sambamon'), 'removed')
  t.same(readdirSync(dir), [])
  writeFileSync(recordPath(dir, 'watch1'), 'garbage')
  t.equal(await registry.remove('watch1', 'clp_nfsmon'), 'removed')
})

t.test('of two removals at once one finds nothing left', async (t) => {
  const dir = t.testdir()
  const registry = new Registry(dir)
  writeFileSync(recordPath(dir, 'watch1'), encodeRecord(sampleRecord()))
  const results = await Promise.all([
    registry.remove('watch1', 'clp_sambamon'),
    registry.remove('watch1', 'clp_sambamon'),
  ])
  t.same(results.toSorted(), ['removed', 'unknown'])
})

t.test('an end is waited for until the process is gone, or until the signal', async (t) => {
  const dir = t.testdir()
  const registry = new Registry(dir)
  t.equal(await registry.waitForEnd('watch1', AbortSignal.timeout(30_000)), true)
  const child = await startChild(dir, 'watch1', 1)
  t.same(await resultsOf(child), ['registered'])
  t.equal(await registry.waitForEnd('watch1', AbortSignal.timeout(50)), false)
  const waiting = registry.waitForEnd('watch1', AbortSignal.timeout(30_000))
  child.kill('SIGKILL')
  t.equal(await waiting, true)
  const identity = identityOf(process.pid)
  if (identity === undefined) throw new Error('no identity')
  writeFileSync(recordPath(dir, 'watch1'), encodeRecord(sampleRecord({ process: identity })))
  t.equal(
    await registry.waitForEnd('watch1', AbortSignal.timeout(50)),
    false,
    'its record says ended, but it still runs',
  )
})

t.test('a live monitor that does not listen is no answer', async (t) => {
  const dir = t.testdir()
  const registry = new Registry(dir)
  await registry.register(applicant('watch1'), silent)
  const request = { command: 'clp_sambamon', action: 'stop' } as const
  t.same(await registry.ask('watch1', request, AbortSignal.timeout(30_000)), { kind: 'nobody' })
  const { path, close } = openSocketPath(dir, socketName('watch1'))
  const server = createServer((socket) => socket.resume()).listen(path)
  await once(server, 'listening')
  t.same(await registry.ask('watch1', request, AbortSignal.timeout(50)), { kind: 'no-answer' })
  await new Promise((resolve) => server.close(resolve))
  close()
})

t.test('a start that lost its lock, or its place, begins again', async (t) => {
  const dir = t.testdir()
  let turns = 0
  const { Registry: Mocked } = await t.mockImport<typeof import('../../src/registry/registry.ts')>(
    '../../src/registry/registry.ts',
    {
      '../../src/registry/lock.ts': {
        withLock: async (
          _options: unknown,
          work: (lock: { isOurs: () => boolean }) => Promise<unknown>,
        ) => {
          turns += 1
          const turn = turns
          return work({
            isOurs: () => {
              // In the second turn another start comes between after the last look.
              if (turn === 2) writeFileSync(recordPath(dir, 'watch1'), '{"version":1}')
              return turn > 1
            },
          })
        },
      },
    },
  )
  const result = await new Mocked(dir).register(applicant('watch1'), silent)
  t.equal(turns, 3)
  t.equal(result.kind, 'registered')
  t.same(readdirSync(dir), ['watch1.json'])
})

t.test('a start that loses its lock again and again gives up', async (t) => {
  const { Registry: Mocked } = await t.mockImport<typeof import('../../src/registry/registry.ts')>(
    '../../src/registry/registry.ts',
    {
      '../../src/registry/lock.ts': {
        withLock: async (
          _options: unknown,
          work: (lock: { isOurs: () => boolean }) => Promise<unknown>,
        ) => work({ isOurs: () => false }),
      },
    },
  )
  const dir = t.testdir()
  await t.rejects(new Mocked(dir).register(applicant('watch1'), silent), { code: 'locked' })
  t.same(readdirSync(dir), [])
})

t.test('a start without a look at its own process is refused', async (t) => {
  const { Registry: Mocked } = await t.mockImport<typeof import('../../src/registry/registry.ts')>(
    '../../src/registry/registry.ts',
    {
      '../../src/registry/process-identity.ts': {
        identityOf: silent,
        isRunning: () => false,
        readBootId: () => '',
      },
    },
  )
  await t.rejects(new Mocked(t.testdir()).register(applicant('watch1'), silent), {
    code: 'no-identity',
  })
})

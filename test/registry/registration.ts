import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import t from 'tap'
import { socketName } from '../../src/registry/identifier.ts'
import { encodeRecord } from '../../src/registry/record.ts'
import { recordPath } from '../../src/registry/record-file.ts'
import type { Registration } from '../../src/registry/registration.ts'
import { Registry } from '../../src/registry/registry.ts'
import { openSocketPath } from '../../src/registry/socket-path.ts'
import { applicant, status } from '../helpers/applicant.ts'
import { nobody, sampleRecord } from '../helpers/sample-record.ts'
import { spawnSleeper } from '../helpers/sleeper.ts'

const request = { command: 'clp_sambamon', action: 'status' } as const

async function begin(dir: string, id = 'watch1') {
  const registry = new Registry(dir)
  const reports: string[] = []
  const result = await registry.register(applicant(id), (text) => reports.push(text))
  if (result.kind !== 'registered') throw new Error('not registered')
  return { registry, reports, registration: result.registration }
}

async function listen(registration: Registration): Promise<void> {
  await registration.listen(async () => ({ ok: true, state: 'watching', text: '' }))
}

async function answers(registry: Registry, id = 'watch1'): Promise<boolean> {
  return (await registry.ask(id, request, AbortSignal.timeout(30_000))).kind === 'answer'
}

t.test('an update stands when it resolves, and what is no longer so is gone', async (t) => {
  const { registry, registration, reports } = await begin(t.testdir())
  await registration.update({ ...status, state: 'paused', pausedSince: 'then', failures: 2 })
  t.match(await registry.read('watch1'), {
    kind: 'live',
    record: { state: 'paused', pausedSince: 'then', failures: 2, target: 'pub' },
  })
  await registration.update({ ...status, state: 'watching' })
  const entry = await registry.read('watch1')
  t.notOk('record' in entry && entry.record.pausedSince)
  t.same(reports, [])
})

t.test('of many updates at once the latest stands, and each resolves', async (t) => {
  const { registry, registration } = await begin(t.testdir())
  await Promise.all(
    Array.from({ length: 500 }, (_, failures) => registration.update({ ...status, failures })),
  )
  t.match(await registry.read('watch1'), { record: { failures: 499 } })
})

t.test('whoever reads while it is written finds a whole record', async (t) => {
  const { registry, registration } = await begin(t.testdir())
  const writing = { done: false }
  const writer = (async () => {
    for (let failures = 0; failures < 200; failures += 1) {
      await registration.update({ ...status, failures })
    }
    writing.done = true
  })()
  while (!writing.done) t.equal((await registry.read('watch1')).kind, 'live')
  await writer
})

t.test(
  'an end is kept: how, when, with which status; the socket goes, updates are over',
  async (t) => {
    const dir = t.testdir()
    const { registry, registration } = await begin(dir)
    await listen(registration)
    t.equal(await answers(registry), true)
    await registration.end({ at: 'then', how: 'abnormal', exitStatus: 1 })
    t.match(await registry.read('watch1'), {
      kind: 'ended',
      record: { ended: { at: 'then', how: 'abnormal', exitStatus: 1 } },
    })
    await registration.update(status)
    t.equal((await registry.read('watch1')).kind, 'ended')
    t.same(readdirSync(dir), ['watch1.json'])
  },
)

t.test(
  'a directory that was removed is made again, with record and socket, and that is told',
  async (t) => {
    const dir = `${t.testdir()}/run`
    const { registry, registration, reports } = await begin(dir)
    await listen(registration)
    rmSync(dir, { recursive: true })
    await registration.update({ ...status, state: 'watching' })
    t.match(await registry.read('watch1'), { kind: 'live', record: { state: 'watching' } })
    t.equal(await answers(registry), true)
    t.equal(statSync(dir).mode & 0o777, 0o700)
    t.same(reports, [
      'the record had been removed; written again',
      'the control socket was gone; it is there again',
    ])
    await registration.update(status)
    t.equal(reports.length, 2)
    await registration.end({ at: '', how: '', exitStatus: 0 })
  },
)

t.test(
  'listening, updates and the end at the same moment leave one socket, then none',
  async (t) => {
    const dir = t.testdir()
    const { registry, registration, reports } = await begin(dir)
    await Promise.all([listen(registration), registration.update(status), listen(registration)])
    t.equal(await answers(registry), true)
    t.same(reports, [])
    rmSync(`${dir}/${socketName('watch1')}`)
    await Promise.all([
      registration.update(status),
      registration.end({ at: '', how: '', exitStatus: 0 }),
    ])
    t.same(readdirSync(dir), ['watch1.json'])
  },
)

t.test('a socket that was removed is made again', async (t) => {
  const dir = t.testdir()
  const { registry, registration, reports } = await begin(dir)
  await listen(registration)
  rmSync(`${dir}/${socketName('watch1')}`)
  t.equal(await answers(registry), false)
  await registration.update(status)
  t.equal(await answers(registry), true)
  t.same(reports, ['the control socket was gone; it is there again'])
  await registration.end({ at: '', how: '', exitStatus: 0 })
})

t.test(
  'a socket that cannot be made is told once, tried again, and told once when it is there',
  async (t) => {
    const dir = t.testdir()
    const { registry, registration, reports } = await begin(dir)
    mkdirSync(`${dir}/${socketName('watch1')}`)
    await listen(registration)
    await registration.update(status)
    await registration.update(status)
    t.equal(reports.length, 1)
    t.match(reports[0], /cannot be opened, watching goes on/)
    rmSync(`${dir}/${socketName('watch1')}`, { recursive: true })
    await registration.update(status)
    t.equal(await answers(registry), true)
    t.match(reports[1], /it is there again/)
    await registration.end({ at: '', how: '', exitStatus: 0 })
  },
)

t.test('a place where nothing can be written makes updates fail, until it can again', async (t) => {
  const dir = `${t.testdir()}/run`
  const { registry, registration } = await begin(dir)
  rmSync(dir, { recursive: true })
  writeFileSync(dir, '')
  await t.rejects(registration.update(status))
  await t.rejects(registration.update(status))
  rmSync(dir)
  await registration.update({ ...status, failures: 3 })
  t.match(await registry.read('watch1'), { kind: 'live', record: { failures: 3 } })
})

t.test('a record that cannot take its place leaves nothing beside it', async (t) => {
  const dir = t.testdir()
  const { registration } = await begin(dir)
  rmSync(recordPath(dir, 'watch1'))
  mkdirSync(recordPath(dir, 'watch1'))
  await t.rejects(registration.update(status), { code: 'EISDIR' })
  t.same(readdirSync(dir), ['watch1.json'])
})

t.test('a link planted in its place is replaced, not followed', async (t) => {
  const dir = t.testdir({ precious: 'p' })
  const { registry, registration } = await begin(dir)
  rmSync(recordPath(dir, 'watch1'))
  symlinkSync(`${dir}/precious`, recordPath(dir, 'watch1'))
  await registration.update(status)
  t.equal(readFileSync(`${dir}/precious`, 'utf8'), 'p')
  t.equal((await registry.read('watch1')).kind, 'live')
})

t.test('an ID that another monitor has taken meanwhile is left to it', async (t) => {
  const dir = t.testdir()
  const { registry, registration } = await begin(dir)
  await listen(registration)
  const other = await spawnSleeper(t)
  const { ended: _, ...theirs } = sampleRecord({ process: other })
  rmSync(recordPath(dir, 'watch1'))
  rmSync(`${dir}/${socketName('watch1')}`)
  writeFileSync(recordPath(dir, 'watch1'), encodeRecord(theirs))
  const { path, close } = openSocketPath(dir, socketName('watch1'))
  const server = createServer((socket) => socket.end('{"ok":true,"state":"","text":""}\n')).listen(
    path,
  )
  await once(server, 'listening')
  await t.rejects(registration.update(status), { code: 'usurped' })
  await t.rejects(registration.end({ at: '', how: '', exitStatus: 0 }), { code: 'usurped' })
  t.match(await registry.read('watch1'), { kind: 'live', record: { process: other } })
  t.equal(existsSync(`${dir}/${socketName('watch1')}`), true)
  await new Promise((resolve) => server.close(resolve))
  close()
})

t.test('a record of somebody who is gone is no obstacle', async (t) => {
  const dir = t.testdir()
  const { registry, registration } = await begin(dir)
  const { ended: _, ...theirs } = sampleRecord({ process: nobody })
  for (const text of [encodeRecord(theirs), encodeRecord(sampleRecord()), 'garbage']) {
    rmSync(recordPath(dir, 'watch1'))
    writeFileSync(recordPath(dir, 'watch1'), text)
    await registration.update(status)
    t.match(await registry.read('watch1'), {
      kind: 'live',
      record: { process: { pid: process.pid } },
    })
  }
})

t.test(
  'an end where nothing can be written is told to its caller, and closes the socket',
  async (t) => {
    const dir = `${t.testdir()}/run`
    const { registry, registration } = await begin(dir)
    await listen(registration)
    rmSync(dir, { recursive: true })
    writeFileSync(dir, '')
    await t.rejects(registration.end({ at: '', how: '', exitStatus: 0 }))
    rmSync(dir)
    t.equal(await answers(registry), false)
  },
)

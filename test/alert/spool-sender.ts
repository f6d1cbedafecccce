import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Posted } from '../../src/alert/post.ts'
import { Spool } from '../../src/alert/spool.ts'
import { SpoolSender, type SpoolSenderOptions } from '../../src/alert/spool-sender.ts'
import { eventually } from '../helpers/eventually.ts'

type Script = (body: string, key: string, signal: AbortSignal) => Promise<Posted>

const hours = 3_600_000
const delivered: Posted = { kind: 'delivered' }
const failed: Posted = { kind: 'failed', reason: 'ECONNREFUSED' }

/** A sender over a spool of its own, and all that it did. */
function senderOf(t: Test, script: Script, more: Partial<SpoolSenderOptions> = {}) {
  const directory = join(t.testdir(), 'queue')
  const spool = new Spool({
    directory,
    most: 100,
    prepare: async () => void (await mkdir(directory, { recursive: true })),
    onDrop: () => {},
  })
  const sent: string[] = []
  const keys: string[] = []
  const told: string[] = []
  const seat = { taken: 0, left: 0 }
  const open = () => {
    const sender = new SpoolSender({
      spool,
      post: async (body, key, signal) => {
        sent.push(body)
        keys.push(key)
        return script(body, key, signal)
      },
      claim: async () => {
        seat.taken += 1
        return async () => void (seat.left += 1)
      },
      keepMs: hours,
      onTrouble: (text) => void told.push(text),
      random: () => 0,
      otherMs: 5,
      ...more,
    })
    t.teardown(async () => sender.close())
    return sender
  }
  const put = async (...texts: string[]) => {
    for (const text of texts) await spool.add(() => JSON.stringify(text))
  }
  const empty = async () => (await spool.list()).length === 0
  return { directory, spool, sent, keys, told, seat, open, put, empty }
}

t.test('what waits is sent in its order, and the seat is free afterwards', async (t) => {
  const { sent, told, seat, open, put, empty } = senderOf(t, async () => delivered)
  await put('1', '2', '3')
  const sender = open()
  sender.wake()
  sender.wake()
  await eventually('empty', empty)
  await sender.flush()
  t.strictSame(sent, ['"1"', '"2"', '"3"'])
  t.strictSame(told, [])
  t.equal(seat.taken, seat.left)
})

t.test('an empty queue asks for no seat', async (t) => {
  const { seat, open } = senderOf(t, async () => delivered)
  await open().flush()
  t.equal(seat.taken, 0)
})

t.test('what fails is tried again with the same key, told once, and so is its end', async (t) => {
  let failures = 2
  const script = async () => (failures-- > 0 ? failed : delivered)
  const { sent, keys, told, open, put, empty } = senderOf(t, script)
  await put('1', '2')
  open().wake()
  await eventually('empty', empty)
  await eventually('told', () => told.length === 2)
  t.strictSame(sent, ['"1"', '"1"', '"1"', '"2"'], 'nothing overtakes')
  t.equal(new Set(keys.slice(0, 3)).size, 1)
  t.strictSame(told, ['ECONNREFUSED', 'works again'])
})

t.test('what is refused for good makes room for the next', async (t) => {
  const refused: Posted = { kind: 'refused', reason: 'answered with 400' }
  const script = async (body: string) => (body === '"1"' ? refused : delivered)
  const { sent, told, open, put, empty } = senderOf(t, script)
  await put('1', '2')
  open().wake()
  await eventually('empty', empty)
  t.strictSame(sent, ['"1"', '"2"'])
  t.match(told, [/refused for good.*400/])
})

t.test('the last try comes at once, and what it leaves waits for others', async (t) => {
  const { sent, told, open, put, empty } = senderOf(t, async () => failed, { random: () => 1 })
  await put('1', '2')
  const sender = open()
  sender.wake()
  await eventually('a first try', () => told.length === 1)
  await sender.flush()
  t.strictSame(sent, ['"1"', '"1"'])
  t.equal(await empty(), false)
})

t.test('a receiver that asked for peace has it, even at the end', async (t) => {
  const peace: Posted = { ...failed, retryAfterMs: 60_000 }
  const { sent, told, open, put } = senderOf(t, async () => peace)
  await put('1')
  const sender = open()
  sender.wake()
  await eventually('it was told', () => told.length === 1)
  await sender.flush()
  t.strictSame(sent, ['"1"'])
})

t.test('a wait that was asked for is waited', async (t) => {
  const answers: Posted[] = [{ ...failed, retryAfterMs: 300 }]
  const { open, put, empty } = senderOf(t, async () => answers.shift() ?? delivered)
  await put('1')
  const began = performance.now()
  open().wake()
  await eventually('empty', empty)
  t.ok(performance.now() - began >= 299)
})

t.test('one that is closed while it sends leaves all where it is, for the next', async (t) => {
  let hangs = true
  const script: Script = async (_, __, signal) => {
    if (!hangs) return delivered
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(failed)
      })
    })
  }
  const { sent, keys, told, seat, open, put, empty } = senderOf(t, script)
  await put('1')
  const first = open()
  first.wake()
  await eventually('under way', () => sent.length === 1)
  await first.close()
  first.wake()
  t.equal(seat.left, 1)
  t.strictSame(told, [])
  hangs = false
  await open().flush()
  t.equal(await empty(), true)
  t.strictSame(sent, ['"1"', '"1"'])
  t.equal(keys[0], keys[1], 'a receiver can tell that it is the same')
})

t.test('while another process sends this one waits, and takes over when it is gone', async (t) => {
  let isTaken = true
  let asked = 0
  const claim = async () => {
    asked += 1
    return isTaken ? undefined : async () => {}
  }
  const { sent, open, put, empty } = senderOf(t, async () => delivered, { claim })
  await put('1')
  const sender = open()
  sender.wake()
  await eventually('asked again and again', () => asked > 2)
  t.strictSame(sent, [])
  isTaken = false
  await eventually('empty', empty)
  t.strictSame(sent, ['"1"'])
})

t.test('at the end what another process sends is left to it', async (t) => {
  const { sent, open, put } = senderOf(t, async () => delivered, { claim: async () => undefined })
  await put('1')
  await open().flush()
  t.strictSame(sent, [])
})

t.test('what a process that is gone has left is found without being told', async (t) => {
  const { open, put, empty } = senderOf(t, async () => delivered, { idleMs: 10 })
  open()
  await put('1')
  await eventually('empty', empty)
  t.ok(await empty())
})

t.test('what is too old, or cannot be read, goes and is told', async (t) => {
  const { directory, told, sent, open, put, empty } = senderOf(t, async () => delivered)
  await put('new')
  const key = '00000000-0000-0000-0000-000000000000'
  await writeFile(join(directory, `000000000001000-000001-${key}.json`), '"old"')
  await writeFile(join(directory, `000000000002000-000001-${key}.json`), '{"ha')
  open().wake()
  await eventually('empty', empty)
  t.match(told, [/too old/, /cannot be read/])
  t.strictSame(sent, ['"new"'])
})

t.test('a queue that cannot be looked at is told, and looked at again', async (t) => {
  let isBroken = true
  const claim = async () => {
    if (isBroken) throw new Error('EIO')
    return async () => {}
  }
  const { told, open, put, empty } = senderOf(t, async () => delivered, { claim })
  await put('1')
  open().wake()
  await eventually('told', () => told.length > 0)
  isBroken = false
  await eventually('empty', empty)
  await eventually('told', () => told.length === 2)
  t.strictSame(told, ['Error: EIO', 'works again'])
})

t.test('what comes in while the last one goes out is not forgotten', async (t) => {
  const { spool, sent, seat, open, empty } = senderOf(t, async () => delivered)
  const sender = open()
  for (let n = 0; n < 30; n += 1) {
    await spool.add(() => String(n))
    sender.wake()
  }
  await eventually('empty', empty)
  t.equal(sent.length, 30)
  await sender.flush()
  t.equal(seat.taken, seat.left)
})

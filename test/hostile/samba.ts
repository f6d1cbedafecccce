import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { type SambaTarget, sambaProbe } from '../../src/probe/samba.ts'
import {
  check,
  generous,
  only,
  raw,
  serve,
  shareSteps,
  stageOf,
  target,
} from '../helpers/smb-check.ts'
import { frame, header, type SmbServerOptions, type Step } from '../helpers/smb-server.ts'

// Thousands of checks, on a machine that may have other things to do.
t.setTimeout(300_000)

t.test('refuses every answer that is cut short', async (t) => {
  const cases: [Step[], SmbServerOptions, Partial<SambaTarget>][] = [
    [shareSteps, {}, {}],
    [['validate'], { dialect: 0x0302 }, {}],
    [['create', 'list', 'write', 'read', 'close'], {}, { depth: 'write' }],
    [['tree'], { sessionFlags: 4 }, {}],
  ]
  for (const [steps, options, more] of cases) {
    for (const step of steps) {
      let length = 0
      let whole = 1
      const alter = only(step, (message) => {
        whole = message.length
        return message.subarray(0, length)
      })
      const server = await serve(t, { ...options, alter })
      const probe = sambaProbe(target(server.port, more))
      const wrong: unknown[] = []
      for (length = 0; length < whole; length++) {
        const outcome = await probe(generous())
        const isRight =
          outcome.kind === 'failed' &&
          outcome.failure === 'malformed' &&
          outcome.stage === stageOf[step] &&
          outcome.cause.nn === 13 &&
          outcome.cause.id === (step === 'negotiate' ? 65 : 62)
        if (!isRight) wrong.push({ length, outcome })
      }
      t.same(wrong, [], `${step}: ${whole} prefixes`)
      t.ok(whole > 64)
    }
  }
})

t.test('refuses a flipped bit in every answer that is signed or sealed', async (t) => {
  const cases: [Step[], SmbServerOptions][] = [
    [['session', 'tree', 'disconnect', 'logoff'], { signing: 2 }],
    [['session', 'tree'], { signing: 1 }],
    [['session', 'tree'], { dialect: 0x0210 }],
    [['tree', 'validate'], { dialect: 0x0300 }],
    [['tree', 'disconnect', 'logoff'], { sessionFlags: 4, cipher: 2 }],
    [['tree'], { sessionFlags: 4, cipher: 1 }],
    [['disconnect'], { shareFlags: 0x8000, cipher: 3 }],
    [['disconnect'], { shareFlags: 0x8000, cipher: 4 }],
  ]
  for (const [steps, options] of cases) {
    for (const step of steps) {
      let at = 0
      let whole = 1
      const tamper = only(step, (message) => {
        whole = message.length
        message.writeUInt8(message.readUInt8(at) ^ (1 << (at % 8)), at)
        return message
      })
      const server = await serve(t, { ...options, tamper })
      const probe = sambaProbe(target(server.port))
      const wrong: unknown[] = []
      for (at = 0; at < whole; at++) {
        const outcome = await probe(generous())
        // The status of a login that fails cannot be signed; what it says is believed, for it is no yes.
        const isStatus = step === 'session' && at >= 8 && at < 12
        const isRight =
          outcome.kind === 'failed' &&
          outcome.failure === (isStatus ? 'refused' : 'malformed') &&
          outcome.stage === stageOf[step] &&
          (isStatus || outcome.cause.nn === 13)
        if (!isRight) wrong.push({ at, outcome })
      }
      t.same(wrong, [], `${step} of ${JSON.stringify(options)}: ${whole} bytes`)
    }
  }
})

t.test('refuses what is not signed or sealed where it has to be', async (t) => {
  for (const sessionFlags of [0, 4]) {
    for (const step of ['session', 'tree', 'disconnect', 'logoff'] as const) {
      const unprotected = (at: Step) => at === step
      const { outcome } = await check(t, { sessionFlags, unprotected })
      const wanted = { kind: 'failed', stage: stageOf[step], failure: 'malformed' }
      t.match(outcome, wanted, `${step}, session flags ${sessionFlags}`)
    }
  }
})

async function trickle(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    if (!socket.write(Buffer.from([byte]))) await once(socket, 'drain')
    await new Promise(setImmediate)
  }
}

t.test('takes answers byte by byte', async (t) => {
  let sent = Promise.resolve()
  const deliver = (socket: Socket, frames: Buffer[]) => {
    sent = sent.then(() => trickle(socket, Buffer.concat(frames)))
  }
  const { outcome } = await check(t, { deliver, sessionFlags: 4 }, { depth: 'read' })
  t.equal(outcome.kind, 'ok')
})

function beside(_step: Step, messageId: bigint): Buffer[] {
  return [
    header({ command: 3, messageId, status: 0x103, flags: 3 }),
    header({ command: 18, messageId: 0xffffffffffffffffn }),
    header({ command: 3, messageId, status: 0x103, flags: 3 }),
  ]
}

function keepAlive(socket: Socket, frames: Buffer[]): void {
  const alive = frame(Buffer.alloc(0), 0x85)
  socket.write(Buffer.concat(frames.flatMap((each) => [alive, each])))
}

t.test('takes interim answers, oplock breaks and keep-alives before every answer', async (t) => {
  for (const sessionFlags of [0, 4]) {
    const { outcome } = await check(
      t,
      { before: beside, deliver: keepAlive, sessionFlags },
      { depth: 'write' },
    )
    t.equal(outcome.kind, 'ok')
  }
})

t.test('takes the last two answers from one segment, and in either order', async (t) => {
  for (const turn of [false, true]) {
    let held: Buffer[] = []
    const deliver = (socket: Socket, frames: Buffer[], step: Step) => {
      if (step === 'disconnect') held = frames
      else if (step !== 'logoff') socket.write(Buffer.concat(frames))
      else socket.write(Buffer.concat(turn ? [...frames, ...held] : [...held, ...frames]))
    }
    const { outcome } = await check(t, { deliver })
    t.equal(outcome.kind, 'ok')
  }
})

t.test('gets by with a single credit at a time, and refuses to go on with none', async (t) => {
  t.equal((await check(t, { credits: 1 })).outcome.kind, 'ok')
  const { outcome } = await check(t, { credits: 0 })
  t.match(outcome, {
    kind: 'failed',
    stage: 'session',
    failure: 'malformed',
    cause: { id: 62, nn: 13 },
  })
})

t.test('ends at the deadline however much a server talks beside the point', async (t) => {
  const chatter = {
    'keep-alives': frame(Buffer.alloc(0), 0x85),
    'interim answers': frame(header({ command: 0, messageId: 0n, status: 0x103, flags: 3 })),
    'oplock breaks': frame(header({ command: 18, messageId: 0xffffffffffffffffn })),
  }
  for (const [name, bytes] of Object.entries(chatter)) {
    const controller = new AbortController()
    let sent = 0
    const port = await raw(t, (socket) => {
      const chunk = Buffer.concat(Array.from({ length: 500 }, () => bytes))
      const more = () => {
        if (socket.destroyed) return
        if (++sent === 50) controller.abort(new DOMException('late', 'TimeoutError'))
        if (sent < 500) socket.write(chunk, () => setImmediate(more))
      }
      more()
    })
    const outcome = await sambaProbe(target(port))(controller.signal)
    t.match(outcome, { kind: 'failed', stage: 'negotiate', failure: 'timeout' }, name)
    t.ok(sent >= 50)
  }
})

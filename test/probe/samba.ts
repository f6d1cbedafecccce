import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { type SambaTarget, sambaProbe } from '../../src/probe/samba.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { type NameAnswer, startNameServer } from '../helpers/name-server.ts'
import {
  check,
  generous,
  raw,
  serve,
  shareSteps,
  stageNames,
  stageOf,
  target,
} from '../helpers/smb-check.ts'
import { frame, SmbServer, type SmbServerOptions, type Step } from '../helpers/smb-server.ts'

t.test('settles and reports what server and client can do', async (t) => {
  const cases: [SmbServerOptions, Partial<SambaTarget>, Record<string, string>][] = [
    [{ dialect: 0x0202 }, {}, { dialect: '2.0.2', signing: 'HMAC-SHA256', cipher: 'none' }],
    [{ dialect: 0x0210 }, {}, { dialect: '2.1', signing: 'HMAC-SHA256', cipher: 'none' }],
    [{ dialect: 0x0300 }, {}, { dialect: '3.0', signing: 'AES-128-CMAC', cipher: 'none' }],
    [{ dialect: 0x0302 }, {}, { dialect: '3.0.2', signing: 'AES-128-CMAC', cipher: 'none' }],
    [{}, {}, { dialect: '3.1.1', signing: 'AES-128-CMAC', cipher: 'none' }],
    [{ signing: 0 }, {}, { dialect: '3.1.1', signing: 'HMAC-SHA256', cipher: 'none' }],
    [{ signing: 1 }, {}, { dialect: '3.1.1', signing: 'AES-128-CMAC', cipher: 'none' }],
    [{ signing: 2 }, {}, { dialect: '3.1.1', signing: 'AES-128-GMAC', cipher: 'none' }],
    [{ cipher: 0 }, {}, { dialect: '3.1.1', cipher: 'none' }],
    [{ cipher: 1, sessionFlags: 4 }, {}, { cipher: 'AES-128-CCM' }],
    [{ cipher: 2, sessionFlags: 4 }, {}, { cipher: 'AES-128-GCM' }],
    [{ cipher: 3, shareFlags: 0x8000 }, {}, { cipher: 'AES-256-CCM' }],
    [{ cipher: 4, shareFlags: 0x8000 }, {}, { cipher: 'AES-256-GCM' }],
    [{ cipher: 4, sessionFlags: 4, shareFlags: 0x8000 }, {}, { cipher: 'AES-256-GCM' }],
    [{ cipher: 2 }, { encrypt: true }, { cipher: 'AES-128-GCM' }],
    [{ dialect: 0x0300, cipher: 1 }, { encrypt: true }, { dialect: '3.0', cipher: 'AES-128-CCM' }],
    [{ dialect: 0x0302, cipher: 1, sessionFlags: 4 }, {}, { cipher: 'AES-128-CCM' }],
    [{ shareType: 3 }, {}, { share: 'printer', session: 'user' }],
    [{}, { credentials: Credentials.anonymous() }, { session: 'anonymous', signing: 'none' }],
    [
      { sessionFlags: 1 },
      { credentials: Credentials.guest() },
      { session: 'guest', cipher: 'none' },
    ],
  ]
  for (const [options, more, wanted] of cases) {
    const { outcome, server } = await check(t, options, more)
    const name = JSON.stringify({ ...options, ...wanted })
    t.match(outcome, { kind: 'ok', detail: { address: '127.0.0.1', ...wanted } }, name)
    t.same(stageNames(outcome), ['connect', 'negotiate', 'session', 'tree', 'close'])
    const afterLogin = server.seen.slice(3)
    if (wanted.session === 'anonymous' || wanted.session === 'guest') {
      t.notOk(afterLogin.some(({ isSigned, isSealed }) => isSigned || isSealed))
    } else {
      t.ok(afterLogin.every(({ signatureIsRight, isSealed }) => signatureIsRight || isSealed))
      t.match(server.logins, [{ passwordIsRight: true, micIsRight: true, user: 'User' }])
    }
  }
})

t.test('goes as deep as it is told', async (t) => {
  const before = ['connect', 'negotiate', 'session', 'tree']
  const cases: [Partial<SambaTarget>, string[]][] = [
    [{ depth: 'service' }, ['connect', 'negotiate']],
    [{ depth: 'share' }, [...before, 'close']],
    [{ depth: 'read' }, [...before, 'open', 'list', 'close']],
    [{ depth: 'read', path: 'a/b' }, [...before, 'open', 'read', 'close']],
    [
      { depth: 'write' },
      [...before, 'open', 'list', 'create', 'write', 'read-back', 'delete', 'close'],
    ],
  ]
  for (const [more, wanted] of cases) {
    const { outcome, server } = await check(t, { cipher: 2, sessionFlags: 4 }, more)
    t.equal(outcome.kind, 'ok', JSON.stringify(more))
    t.same(stageNames(outcome), wanted)
    t.ok(server.politelyClosed)
  }
})

t.test('opens a NetBIOS session first where it is told to', async (t) => {
  const { outcome } = await check(t, {}, { netbios: true })
  t.equal(outcome.kind, 'ok')
  t.same(stageNames(outcome), ['connect', 'netbios', 'negotiate', 'session', 'tree', 'close'])
})

t.test('takes leave of share and session, and closes the connection in good order', async (t) => {
  const { server } = await check(t)
  const [socket] = server.sockets
  if (socket !== undefined && !socket.readableEnded) await once(socket, 'end')
  t.same(
    server.seen.slice(-2).map(({ command }) => command),
    [4, 2],
  )
  t.ok(server.politelyClosed)
})

t.test(
  'looks a name up before it connects, and goes by what it knew when that fails',
  async (t) => {
    const server = await serve(t)
    const names: Record<string, NameAnswer> = { 'fs.lab': { a: ['127.0.0.1'] } }
    const { server: nameServer } = await startNameServer(t, names)
    const sources = { hostsFile: '/dev/null', resolvConf: '/dev/null', servers: [nameServer] }
    const probe = sambaProbe(target(server.port, { host: 'fs.lab' }), sources)
    const first = await probe(generous())
    t.match(first, { kind: 'ok', detail: { address: '127.0.0.1', lookup: undefined } })
    t.equal(stageNames(first)[0], 'lookup')
    names['fs.lab'] = { rcode: 2 }
    const wanted = { kind: 'ok', detail: { address: '127.0.0.1', lookup: /^failed.*fs\.lab/ } }
    t.match(await probe(generous()), wanted)
    names['fs.lab'] = { silent: true }
    t.match(await probe(generous()), wanted)
  },
)

t.test('names the stage, the alert and the status of every refusal', async (t) => {
  const cases: [SmbServerOptions, Partial<SambaTarget>, [string, number, number?]][] = [
    [{ status: { negotiate: 0xc00000bb } }, {}, ['negotiate', 65, 50]],
    [{ status: { challenge: 0xc0000418 } }, {}, ['session', 62, 1937]],
    [{ status: { session: 0xc000006d } }, {}, ['session', 62, 1326]],
    [{ status: { session: 0xc0000071 } }, {}, ['session', 62, 1330]],
    [{ status: { tree: 0xc00000cc } }, {}, ['tree', 62, 67]],
    [{ status: { tree: 0xc0000022 } }, {}, ['tree', 62, 5]],
    [{ status: { validate: 0xc0000022 }, dialect: 0x0300 }, {}, ['tree', 62, 5]],
    [{ shareType: 2 }, {}, ['tree', 63]],
    [{ status: { create: 0xc0000034 } }, { depth: 'read', path: 'x' }, ['open', 62, 2]],
    [{ status: { list: 0xc0000185 } }, { depth: 'read' }, ['list', 62, 1117]],
    [{ status: { read: 0xc0000185 } }, { depth: 'read', path: 'x' }, ['read', 62, 1117]],
    [{ status: { write: 0xc000007f } }, { depth: 'write' }, ['write', 62, 112]],
    [{ status: { disconnect: 0xc00000c9 } }, {}, ['close', 62, 64]],
    [{ status: { logoff: 0xc0000203 } }, {}, ['close', 62, 59]],
    [{ sessionFlags: 1 }, {}, ['session', 62, 1326]],
    [{ cipher: 0 }, { encrypt: true }, ['negotiate', 65, 50]],
    [{ sessionFlags: 1 }, { encrypt: true, credentials: Credentials.guest() }, ['session', 62, 5]],
    [{ cipher: 0, shareFlags: 0x8000 }, {}, ['tree', 62, 5]],
    [{ shareType: 3 }, { depth: 'read' }, ['tree', 62, 50]],
  ]
  for (const [options, more, [stage, id, nn]] of cases) {
    const { outcome } = await check(t, options, more)
    const cause = nn === undefined ? { id } : { id, nn }
    t.match(outcome, { kind: 'failed', stage, failure: 'refused', cause }, JSON.stringify(options))
    t.equal('detail' in outcome && outcome.detail.address, '127.0.0.1')
    const name = 'detail' in outcome ? outcome.detail.ntStatus : undefined
    if (nn !== undefined) t.match(name, /^NT_STATUS_/)
  }
})

t.test('says in which stage the server fell silent', async (t) => {
  const cases: [Step, SmbServerOptions, Partial<SambaTarget>, string?][] = [
    ['netbios', {}, { netbios: true }],
    ...shareSteps.map((step): [Step, SmbServerOptions, Partial<SambaTarget>] => [step, {}, {}]),
    ['validate', { dialect: 0x0300 }, {}],
    ['create', {}, { depth: 'read' }],
    ['list', {}, { depth: 'read' }],
    ['read', {}, { depth: 'read', path: 'x' }, 'read'],
    ['write', {}, { depth: 'write' }],
    ['read', {}, { depth: 'write' }],
  ]
  for (const [step, options, more, stage = stageOf[step]] of cases) {
    const controller = new AbortController()
    const deliver = (socket: Socket, frames: Buffer[], at: Step) => {
      if (at !== step) socket.write(Buffer.concat(frames))
      else controller.abort(new DOMException('late', 'TimeoutError'))
    }
    const server = await serve(t, { ...options, deliver })
    const outcome = await sambaProbe(target(server.port, more))(controller.signal)
    t.match(
      outcome,
      { kind: 'failed', stage, failure: 'timeout', cause: { id: 74, nn: 110 } },
      step,
    )
  }
})

t.test('counts a deadline during the connection as one', async (t) => {
  const port = await raw(t, () => {})
  const controller = new AbortController()
  const outcome = sambaProbe(target(port))(controller.signal)
  controller.abort(new DOMException('late', 'TimeoutError'))
  t.match(await outcome, {
    kind: 'failed',
    stage: 'connect',
    failure: 'timeout',
    cause: { id: 72, nn: 110 },
    detail: { address: '127.0.0.1' },
  })
})

t.test('is called off without a verdict', async (t) => {
  const controller = new AbortController()
  const deliver = () => controller.abort(new Error('stop'))
  const server = await serve(t, { deliver })
  t.match(await sambaProbe(target(server.port))(controller.signal), { kind: 'aborted' })
})

t.test('tells where and how a connection broke', async (t) => {
  const cases: [Step, 'end' | 'reset', number, number][] = [
    ['challenge', 'end', 75, 0],
    ['session', 'end', 75, 0],
    ['tree', 'end', 75, 0],
    ['disconnect', 'end', 75, 0],
    ['tree', 'reset', 75, 104],
  ]
  for (const [step, how, id, nn] of cases) {
    const deliver = (socket: Socket, frames: Buffer[], at: Step) => {
      if (at !== step) socket.write(Buffer.concat(frames))
      else if (how === 'reset') socket.resetAndDestroy()
      else socket.end(Buffer.concat(frames).subarray(0, 20))
    }
    const { outcome } = await check(t, { deliver })
    const wanted = { kind: 'failed', stage: stageOf[step], failure: 'broken', cause: { id, nn } }
    t.match(outcome, wanted, `${step}, ${how}`)
  }
})

t.test('tells a server that hangs up before a word of SMB', async (t) => {
  const closing = await raw(t, (socket) => socket.once('data', () => socket.end()))
  t.match(await sambaProbe(target(closing))(generous()), {
    kind: 'failed',
    stage: 'negotiate',
    failure: 'broken',
    cause: { id: 64, nn: 0 },
  })
  const resetting = await raw(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))
  t.match(await sambaProbe(target(resetting))(generous()), { cause: { id: 64, nn: 104 } })
  const refusing = await raw(t, (socket) => socket.write(Buffer.from('8300000181', 'hex')))
  t.match(await sambaProbe(target(refusing))(generous()), {
    failure: 'refused',
    cause: { id: 64, nn: 129 },
  })
  t.match(await sambaProbe(target(refusing, { netbios: true }))(generous()), {
    stage: 'netbios',
    failure: 'refused',
    cause: { id: 64, nn: 129 },
  })
})

t.test('tells a server that has only SMB 1, whether it says so or hangs up', async (t) => {
  const wanted = {
    kind: 'failed',
    stage: 'negotiate',
    failure: 'refused',
    cause: { id: 65, nn: 50 },
    reason: /SMB 1/,
  }
  const smb1 = frame(Buffer.from('ff534d4272', 'hex'))
  const saying = await raw(t, (socket) => socket.once('data', () => socket.write(smb1)))
  t.match(await sambaProbe(target(saying))(generous()), wanted)
  const hangingUp = await raw(t, (socket) =>
    socket.once('data', (data: Buffer) => {
      if (data.readUInt8(4) === 0xff) socket.write(smb1)
      else socket.end()
    }),
  )
  t.match(await sambaProbe(target(hangingUp))(generous()), wanted)
})

t.test('tells a port that nobody listens on, and one where something else does', async (t) => {
  const server = await SmbServer.start()
  const { port } = server
  await server.close()
  t.match(await sambaProbe(target(port))(generous()), {
    kind: 'failed',
    stage: 'connect',
    failure: 'connect',
    cause: { id: 72, nn: 111 },
    detail: { address: '127.0.0.1' },
  })
  const web = await raw(t, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  t.match(await sambaProbe(target(web))(generous()), {
    stage: 'negotiate',
    failure: 'malformed',
    cause: { id: 65, nn: 13 },
  })
})

t.test('cannot judge a server whose name cannot be looked up', async (t) => {
  const probe = sambaProbe(target(445, { host: 'no-such-host.invalid' }))
  const controller = new AbortController()
  const outcome = probe(controller.signal)
  controller.abort(new DOMException('late', 'TimeoutError'))
  t.match(await outcome, { kind: 'cannot-judge', stage: 'lookup', cause: { id: 42 } })
})

t.test('says nothing of the password in any outcome', async (t) => {
  const credentials = Credentials.user('User', 'Password', 'Domain')
  for (const status of [{}, { session: 0xc000006d }, { tree: 0xc00000cc }]) {
    const { outcome } = await check(t, { status }, { credentials })
    t.notMatch(JSON.stringify(outcome), 'Password"')
  }
})

t.test('checks the same server again and again with one probe', async (t) => {
  const server = await serve(t)
  const probe = sambaProbe(target(server.port))
  for (let i = 0; i < 20; i++) t.equal((await probe(generous())).kind, 'ok')
  t.equal(server.sockets.length, 20)
  const clients = server.seen
    .filter(({ command }) => command === 0)
    .map(({ message }) => message.toString('hex', 76, 92))
  t.equal(new Set(clients).size, 20, 'a new client every time')
})

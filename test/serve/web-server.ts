import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { get as getSecurely } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { limits } from '../../src/serve/limits.ts'
import { eventually } from '../helpers/eventually.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'
import { served } from '../helpers/serve/served.ts'

const token = 'a-token-of-20-letters'
const bearer = { Authorization: `Bearer ${token}` }

/** Sends bytes as they are, and gives back what came. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (more: string) => (text += more))
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

t.test('the token opens everything but the page itself and its health', async (t) => {
  const { ask, said } = await served(t, [fakeSource('n1')], { token })
  for (const path of ['/', '/page/page.css', '/healthz']) {
    t.match(await ask(path), { status: 200 }, path)
  }
  for (const path of ['watches', 'watches/w1', 'alerts', 'events'].map((it) => `/api/v1/${it}`)) {
    for (const headers of [{}, { Authorization: 'Bearer wrong' }]) {
      const answer = await ask(path, { headers })
      t.match(answer, { status: 401, headers: { 'www-authenticate': /Bearer/ } }, path)
    }
  }
  t.match(await ask('/metrics'), { status: 401 })
  t.match(await ask('/metrics', { headers: bearer }), { status: 200 })
  t.match(await ask(`/metrics?token=${token}`), { status: 401 }, 'never in the address')
  t.match(said.join(), /refused \(unauthorized\): GET \/api/)
  t.notMatch(said.join(), /wrong|a-token/)
})

t.test('a request for another host is refused, wherever it goes', async (t) => {
  const { ask, said } = await served(t, [fakeSource('n1')])
  for (const path of ['/', '/healthz', '/metrics', '/api/v1/events']) {
    const headers = { Host: 'rebound.example.com' }
    t.match(await ask(path, { headers }), { status: 421, text: /wrong-host/ }, path)
  }
  t.match(said.join(), /wrong-host/)
  t.notMatch(said.join(), 'rebound')
})

t.test(
  'what changes something is for our own page with the token, where that was allowed',
  async (t) => {
    const own = fakeSource('n1')
    own.held = [fakeWatch('w1')]
    const answer = { ok: true, state: 'paused', text: '' }
    const control = async () => ({ kind: 'answer' as const, answer })
    const path = '/api/v1/watches/w1/pause'
    const { ask, port } = await served(t, [own], { token, control })
    const post = async (headers: Record<string, string>) => ask(path, { method: 'POST', headers })
    t.match(await post({}), { status: 401 })
    t.match(await post(bearer), { status: 200 })
    t.match(await post({ ...bearer, Origin: `http://127.0.0.1:${port}` }), { status: 200 })
    t.match(await post({ ...bearer, Origin: 'http://evil.example.com' }), { status: 403 })
    t.match(await post({ ...bearer, 'Sec-Fetch-Site': 'cross-site' }), { status: 403 })
    t.match(await ask(path, { headers: bearer }), { status: 405, headers: { allow: 'POST' } })
    t.match(await ask(path, { method: 'POST', headers: bearer, body: 'x'.repeat(2000) }), {
      status: 413,
    })
    const looking = await served(t, [own], { token })
    t.match(await looking.ask(path, { method: 'POST', headers: bearer }), { status: 403 })
    const open = await served(t, [own], { control })
    t.match(await open.ask(path, { method: 'POST' }), { status: 403 }, 'never without a token')
  },
)

t.test('nothing but what is there is served', async (t) => {
  const { ask } = await served(t, [fakeSource('n1')])
  for (const path of [
    '/../../etc/passwd',
    '/page/../../../etc/passwd',
    '/page/%2e%2e%2fpage.js',
    '/page/page.js/..',
    '/page/',
    '/page',
    '/api/v1/watches/../../x',
    '/api/v1/watches/%00',
    '/api/v2/watches',
    '/index.html',
    '/PAGE/page.js',
  ]) {
    t.match(await ask(path), { status: 404 }, path)
  }
  for (const path of ['//x/y', '*', 'x']) t.match(await ask(path), { status: 400 }, path)
  t.match(await ask(`/${'x'.repeat(3000)}`), { status: 414 })
  for (const [path, method] of [
    ['/', 'POST'],
    ['/healthz', 'DELETE'],
    ['/metrics', 'PUT'],
    ['/api/v1/events', 'HEAD'],
  ] as const) {
    t.match(await ask(path, { method }), { status: 405 }, `${method} ${path}`)
  }
})

t.test('malformed and huge requests are answered or cut off, and harm nobody', async (t) => {
  const { ask, port, said } = await served(t, [fakeSource('n1')])
  const host = 'Host: 127.0.0.1\r\n'
  t.match(await raw(port, 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 .*bad-request/s)
  const huge = `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`
  t.match(await raw(port, huge), /^HTTP\/1\.1 431 .*too-large/s)
  const chunked = `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`
  t.match(await raw(port, chunked), /^HTTP\/1\.1 411 /)
  const long = `POST / HTTP/1.1\r\n${host}Content-Length: 99999999\r\n\r\n`
  t.match(await raw(port, long), /^HTTP\/1\.1 413 /)
  t.match(await raw(port, 'GET / HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /, 'without a host')
  const smuggled = `GET / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`
  t.match(await raw(port, smuggled), /^HTTP\/1\.1 400 /)
  const upgrade = `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
  t.equal(await raw(port, upgrade), '')
  t.match(await ask('/healthz'), { status: 200 })
  t.match(said.join('\n'), /refused \(too-large\)/)
})

t.test('an address that asks without end is told to wait', async (t) => {
  const rate = { burst: 3, perSecond: 0, addresses: 10 }
  const { ask } = await served(t, [fakeSource('n1')], { rate })
  const answers = []
  for (let i = 0; i < 5; i += 1) answers.push(await ask('/healthz'))
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200, 200, 429, 429],
  )
  t.match(answers[4]?.headers, { 'retry-after': '1' })
})

t.test('events are streamed from where the client was', async (t) => {
  const own = fakeSource('n1')
  say(own, 'first')
  const { port, hub, server } = await served(t, [own])
  const resume = hub.resume()
  say(own, 'missed')
  await hub.lookAtAlerts('n1', AbortSignal.timeout(30_000))
  const outgoing = get({
    port,
    host: '127.0.0.1',
    path: '/api/v1/events',
    headers: { 'Last-Event-ID': resume },
    agent: false,
  })
  const [response] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage]
  t.match(response.headers, { 'content-type': 'text/event-stream; charset=utf-8' })
  let text = ''
  response.setEncoding('utf8').on('data', (more: string) => (text += more))
  await eventually('the missed one came', () => text.includes('missed'))
  say(own, 'live')
  await hub.lookAtAlerts('n1', AbortSignal.timeout(5000))
  await eventually('the live one came', () => text.includes('live'))
  t.equal(text.split('"missed"').length, 2)
  t.equal(server.eventClients, 1)
  outgoing.destroy()
  await eventually('the client is gone', () => server.eventClients === 0)
})

t.test('clients that take nothing are dropped, others hear on', async (t) => {
  const own = fakeSource('n1')
  const { port, hub, server } = await served(t, [own])
  const open = async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    t.teardown(() => socket.destroy())
    return socket
  }
  const deaf = await open()
  deaf.pause()
  const awake = await open()
  let heard = 0
  awake.on('data', (chunk: Buffer) => (heard += chunk.toString().split('event: alert').length - 1))
  await eventually('both listen', () => server.eventClients === 2)
  const message = 'x'.repeat(20_000)
  let said = 0
  await eventually('the deaf one is dropped', async () => {
    for (let i = 0; i < 20; i += 1) say(own, message)
    said += 20
    await hub.lookAtAlerts('n1', AbortSignal.timeout(30_000))
    await eventually('the other one has heard', () => heard === said)
    return server.eventClients === 1
  })
  t.ok(said * message.length > limits.unreadBytes)
})

t.test('no more clients of the events than there is room for', async (t) => {
  const { port, server, ask } = await served(t, [fakeSource('n1')], {
    rate: { burst: 10_000, perSecond: 1, addresses: 1 },
  })
  const ended = new AbortController()
  t.teardown(() => ended.abort())
  const listen = () => {
    if (ended.signal.aborted) return
    const socket = connect({ port, host: '127.0.0.1', signal: ended.signal })
    socket.on('error', () => undefined)
    // On a busy host one may have been too slow for the server.
    socket.on('close', listen)
    socket.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  }
  for (let i = 0; i < limits.eventClients; i += 1) listen()
  await eventually('all listen', () => server.eventClients === limits.eventClients)
  t.match(await ask('/api/v1/events'), { status: 503, text: /too-many-clients/ })
  t.match(await ask('/healthz'), { status: 200 })
})

t.test('a failure of our own is one answer and a line of the log', async (t) => {
  const own = fakeSource('n1')
  const { ask, said } = await served(t, [own])
  own.before = async () => Promise.reject(new Error('secret place'))
  const answer = await ask('/api/v1/alerts?scope=own')
  t.match(answer, { status: 500, text: /something went wrong/ })
  t.notMatch(answer.text, 'secret')
  t.match(said.join(), /secret place/)
})

t.test('an end waits for nobody who has nothing to say', async (t) => {
  const { port, server } = await served(t, [fakeSource('n1')])
  const silent = connect(port, '127.0.0.1')
  silent.on('error', () => undefined)
  const listening = connect(port, '127.0.0.1')
  listening.on('error', () => undefined)
  listening.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await eventually('it listens', () => server.eventClients === 1)
  listening.resume()
  const over = Promise.all([once(listening, 'close'), server.close()])
  await over
  silent.destroy()
  t.equal(server.eventClients, 0)
})

t.test('an address that is taken is told', async (t) => {
  const { port } = await served(t, [fakeSource('n1')])
  await t.rejects(served(t, [fakeSource('n2')], { address: { host: '127.0.0.1', port } }), {
    code: 'EADDRINUSE',
  })
})

t.test('over TLS all is the same', async (t) => {
  const directory = t.testdir()
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(directory, name))
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const argv = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', key ?? '', '-out', cert ?? '', '-days', '2']
  execFileSync('openssl', [...argv, ...subject, ...files], { stdio: 'ignore' })
  const tls = { cert: readFileSync(cert ?? '', 'utf8'), key: readFileSync(key ?? '', 'utf8') }
  const { port } = await served(t, [fakeSource('n1')], { tls })
  const options = { port, host: '127.0.0.1', path: '/healthz', ca: tls.cert, agent: false }
  const [response] = (await once(getSecurely(options), 'response')) as [
    import('node:http').IncomingMessage,
  ]
  t.equal(response.statusCode, 200)
  response.resume()
})

import { createHmac } from 'node:crypto'
import t from 'tap'
import { post, signatureOf, type Receiver } from '../../src/alert/post.ts'
import { alertReceiver, selfSigned } from '../helpers/alert-receiver.ts'

const forever = new AbortController().signal
const body = '{"id":6,"message":"あ"}'

function receiver(url: string, more: Partial<Receiver> = {}): Receiver {
  const resolve = async () => Promise.reject(new Error('not to be asked'))
  return { url, timeoutMs: 30_000, agent: 'clp-fsmon/test', resolve, ...more }
}

t.test('a text is posted with its key, and signed with its time', async (t) => {
  const there = await alertReceiver(t)
  const secret = Buffer.from('0123456789abcdef')
  const now = () => new Date(1_700_000_000_999)
  t.match(await post(receiver(there.url, { secret }), body, 'k1', forever, now), {
    kind: 'delivered',
  })
  const [got] = there.received
  t.match(got, {
    method: 'POST',
    path: '/hook/s3cret-path',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'clp-fsmon/test',
      'idempotency-key': 'k1',
      'clp-fsmon-timestamp': '1700000000',
    },
  })
  const expected = createHmac('sha256', '0123456789abcdef')
    .update(`1700000000.${body}`)
    .digest('hex')
  t.equal(got?.headers['clp-fsmon-signature'], `v1=${expected}`)
  t.equal(signatureOf(secret, '1700000000', body), `v1=${expected}`)
  await post(receiver(there.url), body, 'k2', forever)
  t.equal(there.received[1]?.headers['clp-fsmon-signature'], undefined, 'no secret, no signature')
})

const answers: [status: number, kind: string][] = [
  [200, 'delivered'],
  [202, 'delivered'],
  [400, 'refused'],
  [413, 'refused'],
  [401, 'failed'],
  [404, 'failed'],
  [408, 'failed'],
  [429, 'failed'],
  [500, 'failed'],
  [503, 'failed'],
]
for (const [answer, kind] of answers) {
  t.test(`an answer of ${answer} is ${kind}`, async (t) => {
    const there = await alertReceiver(t)
    there.mood = { answer }
    t.match(await post(receiver(there.url), body, 'k', forever), { kind })
  })
}

t.test('a wish to be left alone is passed on', async (t) => {
  const there = await alertReceiver(t)
  there.mood = { answer: 503, headers: { 'retry-after': '120' } }
  t.match(await post(receiver(there.url), body, 'k', forever), {
    kind: 'failed',
    reason: 'answered with 503',
    retryAfterMs: 120_000,
  })
})

for (const answer of [301, 302, 307, 308]) {
  t.test(`a receiver that sends elsewhere (${answer}) is not followed`, async (t) => {
    const [there, elsewhere] = [await alertReceiver(t), await alertReceiver(t)]
    there.mood = { answer, headers: { location: elsewhere.url } }
    const posted = await post(receiver(there.url), body, 'k', forever)
    t.match(posted, { kind: 'failed', reason: /not followed/ })
    t.equal(elsewhere.received.length, 0, 'neither alert nor signature leave for there')
    t.notMatch(JSON.stringify(posted), 's3cret-path')
  })
}

t.test('a receiver that hangs costs no more than its time', async (t) => {
  const there = await alertReceiver(t)
  there.mood = 'hang'
  const began = performance.now()
  t.match(await post(receiver(there.url, { timeoutMs: 200 }), body, 'k', forever), {
    kind: 'failed',
    reason: 'no answer within 200 ms',
  })
  t.ok(performance.now() - began > 150)
})

t.test('an endless answer is not read', async (t) => {
  const there = await alertReceiver(t)
  there.mood = 'slow'
  t.match(await post(receiver(there.url), body, 'k', forever), { kind: 'delivered' })
})

t.test('a connection that breaks, or is not to be had, is told by its code', async (t) => {
  const there = await alertReceiver(t)
  there.mood = 'reset'
  t.match(await post(receiver(there.url), body, 'k', forever), { reason: 'ECONNRESET' })
  await there.close()
  const posted = await post(receiver(there.url), body, 'k', forever)
  t.match(posted, { kind: 'failed', reason: 'ECONNREFUSED' })
  t.notMatch(JSON.stringify(posted), 's3cret-path')
})

t.test('one that is called off ends at once', async (t) => {
  const there = await alertReceiver(t)
  there.mood = 'hang'
  const off = new AbortController()
  const posted = post(receiver(there.url), body, 'k', off.signal)
  await there.got(1)
  off.abort()
  t.match(await posted, { kind: 'failed', reason: 'called off' })
  t.match(await post(receiver(there.url), body, 'k', off.signal), { reason: 'called off' })
  t.equal(there.received.length, 1)
})

t.test('a name is looked up as it is told, and that takes no longer either', async (t) => {
  const there = await alertReceiver(t)
  const url = there.url.replace('127.0.0.1', 'receiver.test')
  const asked: string[] = []
  const resolve = async (host: string) => {
    asked.push(host)
    return ['127.0.0.1']
  }
  t.match(await post(receiver(url, { resolve }), body, 'k', forever), { kind: 'delivered' })
  t.strictSame(asked, ['receiver.test'])
  t.match(there.received, [{ headers: { host: `receiver.test:${there.port}` } }])
  const lost = async () => new Promise<string[]>(() => {})
  t.match(await post(receiver(url, { resolve: lost, timeoutMs: 50 }), body, 'k', forever), {
    reason: 'no answer within 50 ms',
  })
  t.match(
    await post(receiver(url, { resolve: async () => Promise.reject('no') }), body, 'k', forever),
    { kind: 'failed', reason: 'no' },
  )
})

t.test('https is only spoken with who has the right certificate', async (t) => {
  const right = selfSigned(t, '127.0.0.1')
  const there = await alertReceiver(t, { tls: right })
  t.match(await post(receiver(there.url, { ca: right.cert }), body, 'k', forever), {
    kind: 'delivered',
  })
  const unknown = await post(receiver(there.url), body, 'k', forever)
  t.match(unknown, { kind: 'failed', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  const wrong = selfSigned(t, 'other.test')
  const stranger = await alertReceiver(t, { tls: wrong })
  t.match(await post(receiver(stranger.url, { ca: wrong.cert }), body, 'k', forever), {
    kind: 'failed',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  t.equal(there.received.length + stranger.received.length, 1, 'the others got nothing')
})

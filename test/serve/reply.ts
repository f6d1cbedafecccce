import t from 'tap'
import { fakeSource } from '../helpers/serve/fake-source.ts'
import { served } from '../helpers/serve/served.ts'
import { Refusal } from '../../src/serve/refusal.ts'
import { jsonReply, refusalReply, securityHeaders } from '../../src/serve/reply.ts'

t.test('answers are JSON with a version, and say why when there is none', async (t) => {
  t.match(jsonReply({ a: 1 }), { status: 200, body: '{"a":1}\n', type: /json/ })
  const refusal = refusalReply(new Refusal(404, 'not-found', 'no', { Allow: 'GET' }))
  t.equal(refusal.status, 404)
  t.strictSame(JSON.parse(String(refusal.body)), {
    version: 1,
    error: { code: 'not-found', message: 'no' },
  })
  t.strictSame(refusal.headers, { Allow: 'GET' })
})

t.test('every answer forbids a browser what is not ours', async (t) => {
  const { ask } = await served(t, [fakeSource('node1')])
  for (const path of ['/', '/page/page.js', '/healthz', '/metrics', '/api/v1/watches', '/none']) {
    const { headers } = await ask(path)
    for (const [name, value] of Object.entries(securityHeaders)) {
      t.equal(headers[name.toLowerCase()], value, `${path} ${name}`)
    }
    t.equal(headers['access-control-allow-origin'], undefined)
    t.ok(headers['cache-control'], path)
  }
  const policy = securityHeaders['Content-Security-Policy']
  t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/)
  t.notMatch(policy, 'unsafe')
})

t.test(
  'to HEAD goes everything but the body, and what is there already is not sent again',
  async (t) => {
    const { ask } = await served(t, [fakeSource('node1')])
    const head = await ask('/', { method: 'HEAD' })
    t.match(head, { status: 200, text: '' })
    t.ok(Number(head.headers['content-length']) > 100)
    const again = await ask('/', { headers: { 'If-None-Match': String(head.headers['etag']) } })
    t.match(again, { status: 304, text: '' })
    t.equal(again.headers['content-length'], undefined)
    t.equal((await ask('/', { headers: { 'If-None-Match': '"x"' } })).status, 200)
  },
)

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { boundedGet } from '../../src/serve/bounded-get.ts'

async function at(t: Test, handle: RequestListener): Promise<URL> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`)
}

const limits = { mostBytes: 1000, limitMs: 30_000, signal: new AbortController().signal }

t.test('JSON is fetched, with the token', async (t) => {
  const url = await at(t, ({ headers }, response) => {
    response.end(JSON.stringify({ authorization: headers.authorization }))
  })
  t.strictSame(await boundedGet({ ...limits, url, token: 'secret' }), {
    authorization: 'Bearer secret',
  })
  t.strictSame(await boundedGet({ ...limits, url }), {})
})

t.test('what is too long, too slow, refused or none is not waited for', async (t) => {
  const long = await at(t, (_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(500)));
      response.once('drain', more)
    }
    more()
  })
  await t.rejects(boundedGet({ ...limits, url: long }), /too long/)
  const silent = await at(t, () => undefined)
  await t.rejects(boundedGet({ ...limits, limitMs: 50, url: silent }), /in time/)
  const trickle = await at(t, (_request, response) => void response.write('1'))
  await t.rejects(boundedGet({ ...limits, limitMs: 50, url: trickle }), /in time|abort/)
  const refusing = await at(t, (_request, response) => {
    response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()
  })
  await t.rejects(boundedGet({ ...limits, url: refusing }), /status 302/, 'no redirect')
  const broken = await at(t, (_request, response) => void response.end('{'))
  await t.rejects(boundedGet({ ...limits, url: broken }), /not JSON/)
  const cut = await at(t, (request, response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('1')
    setImmediate(() => request.socket.destroy())
  })
  await t.rejects(boundedGet({ ...limits, url: cut }))
  await t.rejects(boundedGet({ ...limits, url: new URL('https://127.0.0.1:1/'), ca: '' }))
})

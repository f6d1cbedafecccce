import t from 'tap'
import { isKnownHost, isOwnOrigin, nameInHost } from '../../src/serve/host-header.ts'

const hosts = { names: new Set(['monitor.example.com', '10.0.0.1']) }

t.test('a Host header is known by its name, whatever its port', async (t) => {
  t.equal(nameInHost('A.Example:80'), 'a.example')
  t.equal(nameInHost('[::1]:80'), '::1')
  for (const header of ['', 'a b', 'a@b', 'http://a', 'a:b:c', 'a:', '[x]']) {
    t.equal(nameInHost(header), undefined, header)
  }
  const good = ['localhost:9747', '127.0.0.1', '[::1]:1', 'Monitor.Example.COM:9747', '10.0.0.1']
  for (const header of good) t.ok(isKnownHost(header, hosts, '127.0.0.1'), header)
})

t.test('a name that was made to lead here is none of ours', async (t) => {
  for (const header of ['evil.example.com', 'localhost.evil.com', '10.0.0.2', undefined, 'a b']) {
    t.notOk(isKnownHost(header, hosts, '127.0.0.1'), String(header))
  }
  t.ok(isKnownHost('10.0.0.2:9747', hosts, '10.0.0.2'), 'the address where the connection arrived')
  t.ok(isKnownHost('10.0.0.2:9747', hosts, '::ffff:10.0.0.2'))
  t.notOk(isKnownHost('evil', { names: new Set() }, 'evil'), 'a name is no address')
  t.notOk(isKnownHost('10.0.0.2', hosts, undefined))
})

t.test('only our own page changes anything', async (t) => {
  t.ok(isOwnOrigin(undefined, 'n1:9747', false))
  t.ok(isOwnOrigin('http://N1:9747', 'n1:9747', false))
  t.ok(isOwnOrigin('https://n1:9747', 'n1:9747', true))
  for (const origin of ['null', 'https://n1:9747', 'http://n1:1', 'http://evil:9747', '']) {
    t.notOk(isOwnOrigin(origin, 'n1:9747', false), origin)
  }
  t.notOk(isOwnOrigin('http://n1', undefined, false))
})

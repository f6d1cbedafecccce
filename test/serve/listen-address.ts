import t from 'tap'
import { addressText, isLoopback, parseListenAddress } from '../../src/serve/listen-address.ts'

t.test('addresses are read as people write them', async (t) => {
  const cases: [string, { host: string; port: number } | undefined][] = [
    ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
    ['127.0.0.1', { host: '127.0.0.1', port: 9747 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['[::1]', { host: '::1', port: 9747 }],
    ['LocalHost:65535', { host: 'localhost', port: 65_535 }],
    ['127.0.0.1:65536', undefined],
    ['127.0.0.1:', undefined],
    ['127.0.0.1:x', undefined],
    ['::1', undefined],
    ['[1.2.3.4]:80', undefined],
    [':80', undefined],
    ['', undefined],
    ['a b:80', undefined],
  ]
  for (const [text, address] of cases) t.strictSame(parseListenAddress(text, 9747), address, text)
  t.equal(addressText({ host: '::1', port: 1 }), '[::1]:1')
  t.equal(addressText({ host: 'n1', port: 1 }), 'n1:1')
})

t.test('what only this host reaches is told from all else', async (t) => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) t.ok(isLoopback(host), host)
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.example.com', 'localhost.example.com']) {
    t.notOk(isLoopback(host), host)
  }
})

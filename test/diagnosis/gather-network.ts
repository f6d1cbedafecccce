import t from 'tap'
import {
  hasLinkAddress,
  nextHop,
  reach,
  routes,
  whyUnresolved,
} from '../../src/diagnosis/gather-network.ts'
import { LookupError } from '../../src/wire/lookup-error.ts'

const table = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
*	006433C6	00000000	0201	0	0	0	00FFFFFF	0	0	0
`

t.test('the next host on the way is that of the most particular route', async (t) => {
  t.equal(routes(table).length, 2, 'a route that refuses leads nowhere')
  t.strictSame(nextHop('192.0.2.77', table), { device: 'eth0', address: '192.0.2.77' })
  t.strictSame(nextHop('203.0.113.1', table), { device: 'eth0', address: '192.0.2.1' })
  t.equal(nextHop('203.0.113.1', ''), undefined)
})

t.test('a neighbour has a link address, has none, or was not asked', async (t) => {
  const arp = `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0
192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0
`
  t.equal(hasLinkAddress('192.0.2.1', arp), true)
  t.equal(hasLinkAddress('192.0.2.9', arp), false)
  t.equal(hasLinkAddress('192.0.2.10', arp), undefined)
})

t.test('an address of ours is here, whatever the name service says', async (t) => {
  const signal = new AbortController().signal
  t.strictSame(await reach('', '127.0.0.1', signal), { address: '127.0.0.1', isHere: true })
  t.match(await reach('', 'localhost', signal), { isHere: true })
  t.strictSame(await reach('', '0:0::0001', signal), { address: '::1', isHere: true })
  t.strictSame(await reach('', '::ffff:127.0.0.1', signal), { address: '127.0.0.1', isHere: true })
})

t.test('a name that is not found has no address', async (t) => {
  const asked = AbortSignal.abort()
  t.match(await reach('', 'fs.invalid', asked), { isHere: false, unresolved: String })
})

t.test('who was asked for a name, and what came of it, is told', async (t) => {
  const servers = ['192.0.2.53', '192.0.2.54']
  for (const code of ['ENOTFOUND', 'ENODATA']) {
    t.equal(
      whyUnresolved('fs1', new LookupError('fs1', code), servers),
      'neither /etc/hosts nor the name servers (192.0.2.53, 192.0.2.54) know fs1: is it spelt as it should be?',
    )
  }
  t.equal(
    whyUnresolved('fs1', new LookupError('fs1', 'ECONNREFUSED'), servers),
    '/etc/hosts does not have fs1, and the name servers (192.0.2.53, 192.0.2.54) cannot be asked: ECONNREFUSED',
  )
  const late = whyUnresolved('fs1', new DOMException('x', 'TimeoutError'), [])
  t.equal(late, 'the name servers (no name server) did not answer within 4 s')
})

t.test('an address elsewhere is not here, and what is known of the way is told', async (t) => {
  const address = '198.51.100.7'
  const arp = `IP address HW type Flags HW address Mask Device
${address} 0x1 0x2 02:fc:00:00:00:05 * eth0
`
  const route = `Iface Destination Gateway\neth0\t006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`
  const root = t.testdir({ proc: { net: { arp, route } } })
  const signal = new AbortController().signal
  const { isHere: isOurs, routeError, neighbour } = await reach(root, address, signal)
  t.equal(isOurs, false)
  // A machine without a way out says so; on any other one, nothing is sent to an address that is known.
  if (routeError === undefined)
    t.strictSame(neighbour, { address, device: 'eth0', isAnswering: true, isTarget: true })
  else t.match(routeError, /^E/)
  const six = await reach(root, '2001:db8::7', signal)
  t.match(six, { address: '2001:db8::7', isHere: false })
  t.equal(six.neighbour, undefined)
})

t.test('what the kernel refuses to send to has no route', async (t) => {
  const { signal } = new AbortController()
  // Nobody may send to everybody without having asked for that, wherever the routes lead.
  t.match(await reach('', '255.255.255.255', signal), { isHere: false, routeError: /^E/ })
})

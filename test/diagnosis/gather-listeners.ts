import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import {
  listenLines,
  listenersOn,
  listenersSeen,
  mostWaiting,
  ownersOf,
} from '../../src/diagnosis/gather-listeners.ts'

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const tail = '00:00000000 00000000     0        0'
const four = `${head}   0: 00000000:01BD 00000000:0000 0A 00000000:00000033 ${tail} 1209 1 00000000c6980085 100 0 0 10 0
   1: 0A0200C0:01BD 00000000:0000 0A 00000000:00000000 ${tail} 1210 1 0000000000000000 100 0 0 10 0
   2: 0A0200C0:01BD 0B0200C0:C001 01 00000000:00000000 ${tail} 1211 1 0000000000000000 20 4 30 10 -1
`
const six = `${head}   0: 00000000000000000000000000000000:0801 00000000000000000000000000000000:0000 0A 00000000:00000000 ${tail} 1300 1 0 100 0 0 10 0
   1: B80D0120000000000000000001000000:01BD 00000000000000000000000000000000:0000 0A 00000000:00000001 ${tail} 1301 1 0 100 0 0 10 0
   2: 0000000000000000FFFF00000A0200C0:01BD 00000000000000000000000000000000:0000 0A 00000000:00000000 ${tail} 1302 1 0 100 0 0 10 0
`

t.test('what listens is read from the tables of the kernel', async (t) => {
  t.strictSame(listenLines(four), [
    { address: '0.0.0.0', port: 445, waiting: 51, inode: '1209' },
    { address: '192.0.2.10', port: 445, waiting: 0, inode: '1210' },
  ])
  t.strictSame(listenLines(six), [
    { address: '::', port: 2049, waiting: 0, inode: '1300' },
    { address: '2001:db8::1', port: 445, waiting: 1, inode: '1301' },
    { address: '192.0.2.10', port: 445, waiting: 0, inode: '1302' },
  ])
  t.strictSame(listenLines(''), [])
})

t.test('only what the address reaches counts', async (t) => {
  const root = t.testdir({ proc: { net: { tcp: four, tcp6: six } } })
  const inodes = (port: number, address: string) =>
    listenersOn(root, [port], address)?.map(({ inode }) => inode)
  t.strictSame(inodes(445, '192.0.2.10'), ['1209', '1210', '1302'])
  t.strictSame(inodes(445, '192.0.2.11'), ['1209'])
  t.strictSame(inodes(445, '2001:db8::1'), ['1301'])
  t.strictSame(inodes(2049, '192.0.2.11'), ['1300'])
  t.strictSame(inodes(111, '192.0.2.11'), [])
  t.equal(listenersOn(t.testdir({}), [445], '192.0.2.10'), undefined)
})

t.test('ss tells how many may wait', async (t) => {
  const table = `LISTEN 0 50 0.0.0.0:445 0.0.0.0:*
LISTEN 51 128 [::]:2049 [::]:*
0 4096 *:445 *:*
nonsense
`
  t.strictSame(
    mostWaiting(table),
    new Map([
      [445, 4096],
      [2049, 128],
    ]),
  )
})

t.test('two looks and what else is known make a listener', async (t) => {
  const line = { address: '0.0.0.0', port: 445, inode: '7' }
  const owners = new Map([['7', [{ pid: 1, name: 'smbd', program: 'smbd' as const }]]])
  const other = { ...line, inode: '8', waiting: 0 }
  const before = [{ ...line, waiting: 51 }]
  const last = [{ ...line, waiting: 3 }, other]
  t.strictSame(listenersSeen(before, last, new Map([[445, 50]]), owners), [
    { ...line, waiting: [51, 3], most: 50, owners: owners.get('7') },
    { ...line, inode: '8', waiting: [0, 0], most: 50, owners: [] },
  ])
  t.strictSame(listenersSeen([], [], new Map(), new Map()), [])
  t.equal(listenersSeen([], last, new Map(), owners)[0]?.most, undefined)
})

t.test('who holds a port of this system is found', async (t) => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const [line] = listenersOn('', [port], '127.0.0.1') ?? []
  const inode = line?.inode ?? ''
  const own = { pid: process.pid, parent: 1, name: 'x', program: 'smbd', state: 'S' } as const
  for (const servers of [[], [own]]) {
    const owners = ownersOf('', [inode], servers).get(inode)
    t.ok(owners?.some(({ pid }) => pid === process.pid))
  }
  t.strictSame(ownersOf(t.testdir({}), ['1'], []), new Map())
})

import t from 'tap'
import { fromReservedPort } from '../../src/wire/reserved-port.ts'
import { SocketError } from '../../src/wire/socket-error.ts'

t.test('a port below 1024 is tried, the preferred one first', async (t) => {
  const port = await fromReservedPort(async (localPort) => localPort)
  t.ok(port >= 512 && port <= 1023, `${port}`)
  t.equal(await fromReservedPort(async (localPort) => localPort, 777), 777)
})

t.test('ports that are taken or linger are passed over, each tried once', async (t) => {
  const tried: number[] = []
  const error: unknown = await fromReservedPort(async (localPort) => {
    tried.push(localPort)
    const code = tried.length % 2 === 0 ? 'EADDRINUSE' : 'EADDRNOTAVAIL'
    throw new SocketError('connect', code, 98)
  }, 777).catch((reason: unknown) => reason)
  t.equal(tried[0], 777)
  t.same(
    tried.toSorted((a, b) => a - b),
    Array.from({ length: 512 }, (_, index) => 512 + index),
  )
  t.ok(error instanceof SocketError)
  t.match(error, { operation: 'bind', code: 'EADDRINUSE', errno: 98 })
})

t.test('the order is another each time', async (t) => {
  const order = async () => {
    const tried: number[] = []
    await fromReservedPort(async (localPort) => {
      tried.push(localPort)
      if (tried.length < 20) throw new SocketError('bind', 'EADDRINUSE', 98)
    })
    return tried
  }
  t.notSame(await order(), await order())
})

t.test('any other failure is not gone round', async (t) => {
  let tries = 0
  const failing = fromReservedPort(async () => {
    tries++
    throw new SocketError('connect', 'ECONNREFUSED', 111)
  })
  await t.rejects(failing, { code: 'ECONNREFUSED' })
  t.equal(tries, 1)
  await t.rejects(
    fromReservedPort(async () => {
      throw new Error('a bug')
    }),
    { message: 'a bug' },
  )
})

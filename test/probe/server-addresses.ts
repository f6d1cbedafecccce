import t from 'tap'
import { ServerAddresses } from '../../src/probe/server-addresses.ts'
import { LookupError } from '../../src/wire/lookup-error.ts'

const { signal } = new AbortController()

type Resolve = ConstructorParameters<typeof ServerAddresses>[2]

/** A name service that says one thing after the other. */
function nameService(...answers: ([string, ...string[]] | Error | 'hangs')[]) {
  const limits: AbortSignal[] = []
  const resolve: Resolve = async (_host, limit) => {
    limits.push(limit)
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    if (answer === undefined) throw new Error('asked once too often')
    if (answer !== 'hangs') return answer
    return new Promise((_, reject) => {
      limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true })
    })
  }
  return { resolve, limits }
}

const failure = new LookupError('fs', 'ETIMEOUT')

t.test('asks nobody about a numeric address', async (t) => {
  for (const address of ['10.0.0.7', '::1', 'fe80::1']) {
    const { resolve, limits } = nameService()
    const addresses = new ServerAddresses(address, {}, resolve)
    t.equal(addresses.isNamed, false)
    t.same(await addresses.find(signal), { addresses: [address] })
    t.equal(limits.length, 0)
  }
})

t.test('looks a name up for every check', async (t) => {
  const { resolve } = nameService(['10.0.0.7'], ['10.0.0.8', '10.0.0.9'])
  const addresses = new ServerAddresses('fs', {}, resolve)
  t.equal(addresses.isNamed, true)
  t.same(await addresses.find(signal), { addresses: ['10.0.0.7'] })
  t.same(await addresses.find(signal), { addresses: ['10.0.0.8', '10.0.0.9'] })
})

t.test('goes by what it knew when the name service fails later on', async (t) => {
  const { resolve } = nameService(['10.0.0.7'], failure, new LookupError('fs', 'ENOTFOUND'), [
    '10.0.0.8',
  ])
  const addresses = new ServerAddresses('fs', {}, resolve)
  t.same(await addresses.find(signal), { addresses: ['10.0.0.7'] })
  t.same(await addresses.find(signal), { addresses: ['10.0.0.7'], failure: String(failure) })
  t.match(await addresses.find(signal), { addresses: ['10.0.0.7'], failure: /ENOTFOUND/ })
  t.same(await addresses.find(signal), { addresses: ['10.0.0.8'] })
})

t.test('half an answer does for want of a better one, and takes nothing away', async (t) => {
  const half = new LookupError('fs', 'ESERVFAIL', undefined, ['2001:db8::7'])
  const { resolve } = nameService(half, ['10.0.0.7'], half)
  const addresses = new ServerAddresses('fs', {}, resolve)
  t.match(await addresses.find(signal), { addresses: ['2001:db8::7'], failure: /ESERVFAIL/ })
  t.same(await addresses.find(signal), { addresses: ['10.0.0.7'] })
  t.match(await addresses.find(signal), { addresses: ['10.0.0.7'], failure: /ESERVFAIL/ })
})

t.test('does not wait long for a name service that hangs, once it knows an address', async (t) => {
  const { resolve, limits } = nameService(['10.0.0.7'], 'hangs')
  const addresses = new ServerAddresses('fs', {}, resolve)
  await addresses.find(signal)
  t.match(await addresses.find(signal), { addresses: ['10.0.0.7'], failure: /ETIMEOUT/ })
  t.equal(limits[0]?.aborted, false)
  t.equal(limits[1]?.aborted, true)
})

t.test('fails where it never knew an address', async (t) => {
  const { resolve } = nameService(failure)
  t.equal(
    await new ServerAddresses('fs', {}, resolve).find(signal).catch((e: unknown) => e),
    failure,
  )
})

t.test(
  'takes a look-up that outlasts the deadline for a failed one, not for a dead server',
  async (t) => {
    const { resolve } = nameService('hangs', ['10.0.0.7'], 'hangs')
    const addresses = new ServerAddresses('fs', {}, resolve)
    const late = async () => {
      const controller = new AbortController()
      const found = addresses.find(controller.signal)
      controller.abort(new DOMException('late', 'TimeoutError'))
      return found.catch((error: unknown) => error)
    }
    t.match(await late(), { name: 'LookupError', code: 'ETIMEOUT' })
    await addresses.find(signal)
    t.match(await late(), { name: 'LookupError', code: 'ETIMEOUT' }, 'nor does it go on past it')
  },
)

t.test('stops at once when the check is called off', async (t) => {
  const { resolve } = nameService('hangs')
  const controller = new AbortController()
  const addresses = new ServerAddresses('fs', {}, resolve)
  const reason = new Error('stop')
  const found = addresses.find(controller.signal)
  controller.abort(reason)
  t.equal(await found.catch((error: unknown) => error), reason)
  t.equal(await addresses.find(controller.signal).catch((error: unknown) => error), reason)
})

t.test('uses the system where nothing else is given', async (t) => {
  t.same(await new ServerAddresses('127.0.0.1').find(signal), { addresses: ['127.0.0.1'] })
})

import t from 'tap'
import { judgeName, lookAtNames } from '../../src/doctor/names-step.ts'

const { signal } = new AbortController()

t.test('numeric addresses ask nobody', async (t) => {
  const resolve = async () => {
    throw new Error('asked')
  }
  t.match(await lookAtNames(['192.0.2.1', '::1'], signal, resolve), [{ what: 'numeric' }])
})

t.test('each name is looked up once, and what is not found is a failure', async (t) => {
  const asked: string[] = []
  const resolve = async (host: string): Promise<[string, ...string[]]> => {
    asked.push(host)
    if (host === 'lost') throw new Error('lost: ENOTFOUND')
    return ['192.0.2.1', '192.0.2.2']
  }
  t.match(await lookAtNames(['here', 'lost', 'here'], signal, resolve), [
    { grade: 'ok', what: 'found', values: { host: 'here', address: '192.0.2.1, 192.0.2.2' } },
    { grade: 'failure', what: 'notFound', values: { host: 'lost', reason: 'lost: ENOTFOUND' } },
  ])
  t.strictSame(asked, ['here', 'lost'])
})

t.test('a slow look-up is warned of', async (t) => {
  t.match(judgeName({ host: 'x', ms: 4000, addresses: ['::1'] }), {
    grade: 'warning',
    what: 'slow',
  })
})

t.test('a name service that is silent is given up, and the name told', async (t) => {
  // As the questions that are under way do, this keeps the process waiting.
  const waiting = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(waiting))
  const resolve = async (_: string, until: AbortSignal): Promise<[string]> =>
    new Promise((_resolve, reject) => {
      until.addEventListener('abort', () => reject(until.reason as Error))
    })
  t.match(await lookAtNames(['filer', 'other'], signal, resolve, 50), [
    { grade: 'failure', what: 'silent', values: { host: 'filer' } },
    { grade: 'failure', what: 'silent', values: { host: 'other' } },
  ])
})

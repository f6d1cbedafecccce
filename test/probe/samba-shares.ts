import t, { type Test } from 'tap'
import { listSambaShares } from '../../src/probe/samba-shares.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { user } from '../helpers/smb-client.ts'
import { generous, serve, stageNames } from '../helpers/smb-check.ts'
import type { SmbServerOptions } from '../helpers/smb-server.ts'
import { bindAck, enumOutput, fragment, fragments, shares } from '../helpers/srvsvc.ts'

/** A server with these shares; each answer in so many fragments. */
function withShares(list = shares, count = 1, output = enumOutput(list)): SmbServerOptions {
  return {
    shareType: 2,
    pipe: (message) => (message[2] === 11 ? [bindAck] : fragments(2, output, count)),
  }
}

async function ask(t: Test, options: SmbServerOptions, credentials = user) {
  const { port } = await serve(t, options)
  return listSambaShares({ host: '127.0.0.1', port, credentials, encrypt: false }, generous())
}

t.test('all shares, however many fragments they come in', async (t) => {
  for (const count of [1, 2, 30]) {
    const { outcome, found } = await ask(t, withShares(shares, count))
    t.strictSame(found, shares)
    t.match(outcome, { kind: 'ok', detail: { session: 'user' } })
    t.strictSame(stageNames(outcome), [
      'connect',
      'negotiate',
      'session',
      'tree',
      'pipe',
      'list',
      'close',
    ])
  }
})

t.test(
  'nobody in particular may ask as well, and where sealing is demanded it is sealed',
  async (t) => {
    const anonymous = await ask(t, withShares(), Credentials.anonymous())
    t.match(anonymous, { found: shares, outcome: { detail: { session: 'anonymous' } } })
    const sealed = await ask(t, { ...withShares(), shareFlags: 0x8000 })
    t.match(sealed, { found: shares, outcome: { detail: { cipher: 'AES-128-GCM' } } })
    const old = await ask(t, { ...withShares(), dialect: 0x0302 })
    t.match(old, { found: shares, outcome: { detail: { dialect: '3.0.2' } } })
  },
)

t.test('whatever is no full answer is no list', async (t) => {
  const refused = enumOutput([], { status: 5 })
  const cases: [string, SmbServerOptions, object][] = [
    ['login', { ...withShares(), status: { session: 0xc000006d } }, { stage: 'session' }],
    ['no pipes', { ...withShares(), shareType: 1 }, { stage: 'tree', failure: 'malformed' }],
    ['no service', { ...withShares(), status: { create: 0xc0000034 } }, { stage: 'pipe' }],
    ['may not', withShares([], 1, refused), { stage: 'list', cause: { nn: 5 } }],
    ['half', withShares([], 1, refused.subarray(0, 9)), { stage: 'list', failure: 'malformed' }],
    [
      'bind',
      { shareType: 2, pipe: () => [fragment(13, 3, 1, Buffer.from([1, 0]))] },
      { stage: 'pipe', failure: 'refused' },
    ],
  ]
  for (const [what, options, expected] of cases) {
    const { outcome, found } = await ask(t, options)
    t.equal(found, undefined, what)
    t.match(outcome, { kind: 'failed', ...expected }, what)
  }
})

t.test('silence ends with the deadline', async (t) => {
  const { port } = await serve(t, { ...withShares(), deliver: () => undefined })
  const place = { host: '127.0.0.1', port, credentials: user, encrypt: false }
  const { outcome, found } = await listSambaShares(place, AbortSignal.timeout(50))
  t.match(outcome, { kind: 'failed', failure: 'timeout' })
  t.equal(found, undefined)
})

import t from 'tap'
import { RpcError, type RpcRefusal } from '../../src/rpc/rpc-error.ts'

const cases: [RpcRefusal, string][] = [
  [
    { kind: 'rpc-version-mismatch', low: 2, high: 3 },
    'RPC: Incompatible versions of RPC; low version = 2, high version = 3',
  ],
  [{ kind: 'auth-error', why: 1 }, 'RPC: Authentication error; why = Invalid client credential'],
  [{ kind: 'auth-error', why: 5 }, 'RPC: Authentication error; why = Client credential too weak'],
  [
    { kind: 'auth-error', why: 99 },
    'RPC: Authentication error; why = (unknown authentication error - 99)',
  ],
  [{ kind: 'program-unavailable' }, 'RPC: Program unavailable'],
  [
    { kind: 'version-mismatch', low: 3, high: 4 },
    'RPC: Program/version mismatch; low version = 3, high version = 4',
  ],
  [{ kind: 'procedure-unavailable' }, 'RPC: Procedure unavailable'],
  [{ kind: 'garbage-arguments' }, "RPC: Server can't decode arguments"],
  [{ kind: 'system-error' }, 'RPC: Remote system error'],
  [
    { kind: 'program-not-registered', program: 100_003, version: 3 },
    'RPC: Program not registered.',
  ],
]

for (const [refusal, text] of cases) {
  t.test(`a refusal reads: ${text}`, async (t) => {
    const error = new RpcError(refusal)
    t.equal(error.message, text)
    t.same(error.refusal, refusal)
    t.equal(error.name, 'RpcError')
  })
}

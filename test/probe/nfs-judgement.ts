import t from 'tap'
import { judgeNfs, judgeNfsTimeout } from '../../src/probe/nfs-judgement.ts'
import { SampleError } from '../../src/probe/nfs-sample.ts'
import { MountError } from '../../src/rpc/mount/mount-error.ts'
import { Nfs3Error } from '../../src/rpc/nfs3/nfs3-error.ts'
import { Nfs4Error } from '../../src/rpc/nfs4/nfs4-error.ts'
import { RpcError } from '../../src/rpc/rpc-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { SocketError } from '../../src/wire/socket-error.ts'

const refused = new SocketError('connect', 'ECONNREFUSED', 111)
const mismatch = new RpcError({ kind: 'version-mismatch', low: 3, high: 4 })

const cases: [error: Error, stage: string, failure: string, text: string][] = [
  [refused, 'portmap', 'connect', 'RPC: Port mapper failure - RPC: Unable to receive'],
  [refused, 'null', 'connect', 'RPC: Unable to receive: errno = Connection refused.'],
  [refused, 'mount', 'connect', 'RPC: Unable to receive: errno = Connection refused.'],
  [
    new SocketError('connect', 'EHOSTUNREACH', 113),
    'null',
    'connect',
    'RPC: Unable to receive: errno = No route to host.',
  ],
  [
    SocketError.closedByPeer(),
    'getattr',
    'broken',
    'RPC: Unable to receive: errno = Connection reset by peer.',
  ],
  [
    new SocketError('send', 'EPIPE', 32),
    'getattr',
    'broken',
    'RPC: Unable to send: errno = Broken pipe.',
  ],
  [
    new SocketError('send', 'EPIPE', 32),
    'portmap',
    'broken',
    'RPC: Port mapper failure - RPC: Unable to send',
  ],
  [new MalformedError('x'), 'mount', 'malformed', "RPC: Can't decode result"],
  [
    new MalformedError('x'),
    'portmap',
    'malformed',
    "RPC: Port mapper failure - RPC: Can't decode result",
  ],
  [mismatch, 'null', 'refused', 'RPC: Program/version mismatch; low version = 3, high version = 4'],
  [
    new RpcError({ kind: 'auth-error', why: 5 }),
    'mount',
    'refused',
    'RPC: Authentication error; why = Client credential too weak',
  ],
  [
    new RpcError({ kind: 'program-unavailable' }),
    'portmap',
    'refused',
    'RPC: Port mapper failure - RPC: Program unavailable',
  ],
  [
    new RpcError({ kind: 'program-not-registered', program: 100_003, version: 3 }),
    'portmap',
    'refused',
    'RPC: Program not registered.',
  ],
  [new MountError(13), 'mount', 'refused', 'mount error(Permission denied)'],
  [new Nfs3Error(70), 'getattr', 'refused', 'nfs error(NFS3ERR_STALE)'],
  [new Nfs4Error(2, 'LOOKUP'), 'walk', 'refused', 'mount error(No such file or directory)'],
  [new Nfs4Error(13, 'LOOKUP'), 'walk', 'refused', 'mount error(Permission denied)'],
  [new Nfs4Error(10_016, 'LOOKUP'), 'walk', 'refused', 'nfs error(NFS4ERR_WRONGSEC)'],
  [new Nfs4Error(2, 'LOOKUP'), 'read', 'refused', 'nfs error(NFS4ERR_NOENT)'],
  [new Nfs4Error(13, 'SEQUENCE'), 'walk', 'refused', 'nfs error(NFS4ERR_ACCESS)'],
  [new SampleError(), 'verify', 'refused', 'nfs error(data read differs from data written)'],
]

for (const [error, stage, failure, text] of cases) {
  t.test(`${error.name} (${error.message}) in ${stage}: ${text}`, async (t) => {
    t.match(judgeNfs(error, stage), { failure, cause: { id: 0, text } })
  })
}

t.test('the reason says who, where and what', async (t) => {
  t.equal(judgeNfs(refused, 'mount')?.reason, 'mountd, mount: connect ECONNREFUSED')
  const gone = (program: number) =>
    judgeNfs(new RpcError({ kind: 'program-not-registered', program, version: 3 }), 'portmap')
  t.equal(
    gone(100_005)?.reason,
    'portmapper, portmap: mountd (program 100005, version 3) is not registered',
  )
  t.equal(
    gone(100_003)?.reason,
    'portmapper, portmap: nfs (program 100003, version 3) is not registered',
  )
  t.match(judgeNfs(new Nfs4Error(70, 'PUTFH'), 'getattr')?.reason, 'PUTFH: NFS4ERR_STALE')
})

t.test('a bug of our own is not judged', async (t) => {
  t.equal(judgeNfs(new TypeError('undefined is not a function'), 'null'), undefined)
})

t.test('a deadline names the stage, or what a server that is alive said', async (t) => {
  t.match(judgeNfsTimeout('portmap', undefined), {
    failure: 'timeout',
    cause: { id: 0, text: 'RPC: Port mapper failure - RPC: Timed out' },
  })
  t.match(judgeNfsTimeout('null', undefined), {
    failure: 'timeout',
    cause: { id: 0, text: 'RPC: Timed out' },
    reason: 'nfs, null: no answer within the deadline',
  })
  t.match(judgeNfsTimeout('lookup', undefined), { reason: /^name service, lookup/ })
  t.match(judgeNfsTimeout('write', 'nfs error(NFS4ERR_GRACE)'), {
    failure: 'grace',
    cause: { id: 0, text: 'nfs error(NFS4ERR_GRACE)' },
  })
})

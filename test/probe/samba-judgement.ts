import t from 'tap'
import { hungUp, judgeSamba, onSambaTimeout } from '../../src/probe/samba-judgement.ts'
import { NetbiosRefusedError } from '../../src/smb/netbios-refused-error.ts'
import { ShareTypeError } from '../../src/smb/share-type-error.ts'
import { Smb1OnlyError } from '../../src/smb/smb1-only-error.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { SocketError } from '../../src/wire/socket-error.ts'

const status = (code: number) => new StatusError(code, 'it')

t.test('finds the alert that the documentation promises', (t) => {
  const reset = new SocketError('receive', 'ECONNRESET', 104)
  const closed = SocketError.closedByPeer()
  const pipe = new SocketError('send', 'EPIPE', 32)
  const gone = new SocketError('receive', 'ETIMEDOUT', 110)
  const table: [Error, string, string, number, number | undefined][] = [
    [new SocketError('connect', 'ECONNREFUSED', 111), 'connect', 'connect', 72, 111],
    [new SocketError('connect', 'EHOSTUNREACH', 113), 'connect', 'connect', 72, 113],
    [new SocketError('connect', 'ETIMEDOUT', 110), 'connect', 'connect', 72, 110],
    [closed, 'negotiate', 'broken', 64, 0],
    [reset, 'negotiate', 'broken', 64, 104],
    [pipe, 'negotiate', 'broken', 64, 32],
    [closed, 'netbios', 'broken', 64, 0],
    [gone, 'negotiate', 'broken', 75, 110],
    [new SocketError('send', 'EHOSTUNREACH', 113), 'negotiate', 'broken', 73, 113],
    [closed, 'session', 'broken', 75, 0],
    [reset, 'tree', 'broken', 75, 104],
    [pipe, 'session', 'broken', 73, 32],
    [closed, 'read', 'broken', 75, 0],
    [new NetbiosRefusedError(0x81), 'negotiate', 'refused', 64, 129],
    [new NetbiosRefusedError(0x82), 'netbios', 'refused', 64, 130],
    [new MalformedError('x'), 'netbios', 'malformed', 64, 13],
    [status(0xc00000bb), 'negotiate', 'refused', 65, 50],
    [new MalformedError('x'), 'negotiate', 'malformed', 65, 13],
    [new Smb1OnlyError(), 'negotiate', 'refused', 65, 50],
    [status(0xc000006d), 'session', 'refused', 62, 1326],
    [status(0xc00000cc), 'tree', 'refused', 62, 67],
    [new MalformedError('x'), 'session', 'malformed', 62, 13],
    [new MalformedError('x'), 'tree', 'malformed', 62, 13],
    [new ShareTypeError(2), 'tree', 'refused', 63, undefined],
    [status(0xc0000034), 'open', 'refused', 62, 2],
    [status(0xc000007f), 'write', 'refused', 62, 112],
    [status(0xc0abcdef), 'tree', 'refused', 62, 317],
    [new MalformedError('x'), 'close', 'malformed', 62, 13],
  ]
  for (const [error, stage, failure, id, nn] of table) {
    const judgement = judgeSamba(error, stage)
    const cause = nn === undefined ? { id } : { id, nn }
    t.equal(judgement?.failure, failure, `${error.message} in ${stage}`)
    t.same(judgement?.cause, cause, `${error.message} in ${stage}`)
    t.match(judgement?.reason, `${stage}: `)
  }
  t.end()
})

t.test('names the status where there is one', (t) => {
  const judgement = judgeSamba(new StatusError(0xc00000cc, 'treeConnect'), 'tree')
  t.same(judgement?.detail, { ntStatus: 'NT_STATUS_BAD_NETWORK_NAME' })
  t.match(judgeSamba(new Smb1OnlyError(), 'negotiate')?.reason, /only SMB 1/)
  t.end()
})

t.test('tells a login that is refused from other refusals', (t) => {
  t.equal(judgeSamba(new StatusError(0xc0000072, 'x'), 'session')?.isAboutIdentity, true)
  t.equal(judgeSamba(new StatusError(0xc0000072, 'x'), 'tree')?.isAboutIdentity, undefined)
  t.equal(judgeSamba(new StatusError(0xc0000022, 'x'), 'session')?.isAboutIdentity, undefined)
  t.end()
})

t.test('says which stage the deadline ran out in', (t) => {
  t.match(onSambaTimeout('connect'), { failure: 'timeout', cause: { id: 72, nn: 110 } })
  for (const stage of ['netbios', 'negotiate', 'session', 'tree', 'list', 'close']) {
    t.match(onSambaTimeout(stage), {
      failure: 'timeout',
      cause: { id: 74, nn: 110 },
      reason: stage,
    })
  }
  t.end()
})

t.test('leaves what it does not know to others', (t) => {
  t.equal(judgeSamba(new TypeError('a bug'), 'tree'), undefined)
  t.equal(judgeSamba('nonsense', 'tree'), undefined)
  t.ok(hungUp.has('EOF'))
  t.end()
})

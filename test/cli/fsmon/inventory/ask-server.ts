import t from 'tap'
import { askServer } from '../../../../src/cli/fsmon/inventory/ask-server.ts'
import { amply, Ending } from '../../../helpers/deadline.ts'
import { FakeNfs } from '../../../helpers/nfs-server.ts'
import { accepted, bytes, opaque, u32 } from '../../../helpers/rpc-bytes.ts'
import { serve } from '../../../helpers/smb-check.ts'
import { bindAck, enumOutput, fragments, shares } from '../../../helpers/srvsvc.ts'

/** Nobody listens there. */
const closedPort = 1
const io = { hostName: () => 'tester', uid: 1 }
const nobody = { login: undefined, encrypt: false, io }
const here = { address: '127.0.0.1', addresses: ['127.0.0.1'] }
const odd = { name: 'X$', type: 0x8000_0000, comment: '' }
const list = [...shares, odd, { name: 'old', type: 9, comment: '' }]
const options = {
  shareType: 2,
  pipe: (message: Buffer) => (message[2] === 11 ? [bindAck] : fragments(2, enumOutput(list), 1)),
}

t.test('shares come with type and comment, and what is not for files is special', async (t) => {
  const { port } = await serve(t, options)
  const asked = await askServer({ ...here, port }, 'smb', nobody, amply())
  t.match(asked, { kind: 'answer', answer: { isComplete: true, askedAs: 'anonymous' } })
  if (asked.kind !== 'answer') return
  const { items } = asked.answer
  t.strictSame(items[0], { name: 'guest', properties: { type: 'disk', comment: '' } })
  t.strictSame(
    items
      .filter(({ isSpecial }) => isSpecial)
      .map(({ name, properties }) => [name, properties['type']]),
    [
      ['printer', 'printer'],
      ['IPC$', 'ipc'],
      ['X$', 'disk'],
      ['old', 'type 9'],
    ],
  )
})

t.test('it is known as whom it was asked', async (t) => {
  const { port } = await serve(t, options)
  const place = { ...here, port }
  const login = { user: 'User', password: 'Password', domain: 'Domain' }
  t.match(await askServer(place, 'smb', { ...nobody, login }, amply()), {
    answer: { askedAs: 'user User' },
  })
  const guests = await serve(t, { ...options, sessionFlags: 1 })
  const guest = { user: 'guest', password: undefined, domain: undefined }
  t.match(
    await askServer({ ...here, port: guests.port }, 'smb', { ...nobody, login: guest }, amply()),
    { answer: { askedAs: 'guest' } },
  )
})

t.test('exports come with those whom they are for, once and in order', async (t) => {
  const one = (directory: string, ...groups: string[]) =>
    bytes(u32(1), opaque(directory), ...groups.map((group) => bytes(u32(1), opaque(group))), u32(0))
  const fake = await FakeNfs.start(t, {
    on: {
      'mount.export': ({ xid }) =>
        accepted(xid, bytes(one('/a', 'y', 'x'), one('/b'), one('/a', 'z', 'x'), u32(0))),
    },
  })
  const place = { ...here, mountPort: fake.mount.port, nfsPort: fake.nfsPort }
  t.match(await askServer(place, 'nfs3', nobody, amply()), {
    kind: 'answer',
    answer: {
      items: [
        { name: '/a', properties: { access: 'x y z' } },
        { name: '/b', properties: { access: '*' } },
      ],
    },
  })
})

t.test('what version 4 shows comes with the reason where it is refused', async (t) => {
  const attributes = bytes(u32(1, 0x102), opaque(u32(2, 0, 1, 0, 1)))
  const refused = bytes(u32(1, 0, 4), opaque('no'), u32(1, 0x800), opaque(u32(13)))
  const other = bytes(u32(1, 0, 3), opaque('yes'), u32(1, 0x102), opaque(u32(2, 0, 2, 0, 2)))
  const fake = await FakeNfs.start(t, {
    operations: {
      GETATTR: () => ({ status: 0, results: attributes }),
      READDIR: () => ({ status: 0, results: bytes(u32(0, 0), other, refused, u32(0, 1)) }),
    },
  })
  t.match(await askServer({ ...here, nfsPort: fake.nfsPort }, 'nfs4', nobody, amply()), {
    kind: 'answer',
    answer: {
      items: [
        { name: '/yes', properties: {} },
        { name: '/no', properties: { access: 'NFS4ERR_ACCESS' } },
      ],
      isComplete: true,
    },
  })
})

t.test(
  'a server without the service, one that fails, and one that nobody waits for are told apart',
  async (t) => {
    const port = closedPort
    t.match(await askServer({ ...here, port }, 'smb', nobody, amply()), {
      kind: 'not-served',
      reason: /ECONNREFUSED/,
    })
    const old = await FakeNfs.start(t, {
      on: { 'nfs4.null': ({ xid }) => u32(xid, 1, 0, 0, 0, 2, 2, 3) },
    })
    t.match(await askServer({ ...here, nfsPort: old.nfsPort }, 'nfs4', nobody, amply()), {
      kind: 'not-served',
    })
    const refusing = await serve(t, { ...options, status: { session: 0xc000006d } })
    const place = { ...here, port: refusing.port }
    t.match(await askServer(place, 'smb', nobody, amply()), {
      kind: 'failed',
      reason: /LOGON_FAILURE/,
    })
    const ending = new Ending()
    ending.stop()
    t.match(await askServer(place, 'smb', nobody, ending.signal), { kind: 'aborted' })
    const none = { address: 'nobody.invalid', addresses: [] }
    t.not((await askServer(none, 'nfs4', nobody, AbortSignal.timeout(200))).kind, 'answer')
  },
)

import t from 'tap'
import { sambaSpace } from '../../src/probe/samba-space.ts'
import { generous, serve, target } from '../helpers/smb-check.ts'

t.test('the space of a share is asked for after its tree is connected', async (t) => {
  const server = await serve(t)
  t.same(await sambaSpace(target(server.port, { depth: 'write' }))(generous()), {
    kind: 'measured',
    space: { totalBytes: 1_024_000, freeBytes: 307_200 },
  })
  t.strictSame(
    server.seen.map(({ command }) => command),
    [0, 1, 1, 3, 5, 16, 6, 4, 2],
  )
})

t.test('a server that refuses to tell is told from one that fails', async (t) => {
  const denied = await serve(t, { status: { size: 0xc0000022 } })
  t.match(await sambaSpace(target(denied.port))(generous()), {
    kind: 'refused',
    reason: /space: .*ACCESS_DENIED/,
  })
  const closed = await serve(t, { status: { tree: 0xc00000cc } })
  t.match(await sambaSpace(target(closed.port))(generous()), { kind: 'failed' })
})

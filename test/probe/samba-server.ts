import t from 'tap'
import { SambaServer } from '../../src/probe/samba-server.ts'
import { StageClock } from '../../src/probe/stage-clock.ts'
import { generous, serve, target } from '../helpers/smb-check.ts'

t.test('a visit settles how to talk, a login as whom, and both are seen', async (t) => {
  const server = await serve(t)
  const samba = new SambaServer(target(server.port), {})
  t.equal(samba.firstStage, 'connect')
  t.equal(new SambaServer(target(1, { host: 'name' }), {}).firstStage, 'lookup')
  const seen: Record<string, string | number | boolean> = {}
  const clock = new StageClock(samba.firstStage)
  await samba.visit(clock, seen, generous(), async (talk) => {
    const { session } = await samba.logIn(talk, clock, seen)
    t.equal(session.kind, 'user')
    await samba.settle({ ...talk, session }, { treeId: 1, demandsSealing: true }, seen)
    t.equal(talk.connection.isSealed, true)
  })
  t.match(seen, { address: '127.0.0.1', dialect: '3.1.1', session: 'user', cipher: 'AES-128-GCM' })
})

t.test('the connection ends with the visit, whatever happens in it', async (t) => {
  const server = await serve(t)
  const samba = new SambaServer(target(server.port), {})
  const visit = samba.visit(new StageClock('connect'), {}, generous(), async () => {
    throw new Error('in the middle')
  })
  await t.rejects(visit, /in the middle/)
  const [socket] = server.sockets
  if (socket?.destroyed === false) {
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
  }
  t.equal(server.politelyClosed, true)
})

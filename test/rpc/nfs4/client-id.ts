import t, { type Test } from 'tap'
import { nullProcedure } from '../../../src/rpc/call.ts'
import { authNone } from '../../../src/rpc/credential.ts'
import { ClientId } from '../../../src/rpc/nfs4/client-id.ts'
import { getFh, putRootFh } from '../../../src/rpc/nfs4/file-handle.ts'
import { Nfs4Error } from '../../../src/rpc/nfs4/nfs4-error.ts'
import { nfs4Program } from '../../../src/rpc/nfs4/protocol.ts'
import { RpcClient } from '../../../src/rpc/rpc-client.ts'
import { TcpTransport } from '../../../src/rpc/tcp-transport.ts'
import { eventually } from '../../helpers/eventually.ts'
import { FakeNfs, type FakeNfsOptions } from '../../helpers/nfs-server.ts'

const owner = { id: 'me', verifier: Buffer.from('verifier') }

async function start(t: Test, options: FakeNfsOptions = {}) {
  const fake = await FakeNfs.start(t, options)
  const controller = new AbortController()
  const target = { address: '127.0.0.1', port: fake.nfsPort }
  const transport = await TcpTransport.open(target, controller.signal)
  t.teardown(() => transport.close('abrupt'))
  return { fake, controller, client: new RpcClient(transport, 1) }
}

t.test('a client id is asked for, serves compounds, and is given back', async (t) => {
  const { fake, client } = await start(t)
  const clientId = await ClientId.ask(client, authNone, 2, owner)
  t.match(clientId, { minor: 2, exchanged: { clientId: 5n, sequenceId: 1 } })
  t.same(await clientId.compound([putRootFh, getFh]), [undefined, Buffer.from('handle')])
  await clientId.giveBack()
  t.same(fake.log, [
    'nfs4.compound EXCHANGE_ID',
    'nfs4.compound PUTROOTFH GETFH',
    'nfs4.compound DESTROY_CLIENTID',
  ])
})

t.test('a server that gives none is an error, and nothing is undone', async (t) => {
  const operations = { EXCHANGE_ID: () => ({ status: 10_008 }) }
  const { fake, controller, client } = await start(t, { operations })
  await t.rejects(ClientId.ask(client, authNone, 1, owner), Nfs4Error)
  const [socket] = fake.nfs.sockets
  const closed = new Promise((resolve) => socket?.on('close', resolve))
  controller.abort(new Error('enough'))
  await closed
  t.same(fake.log, ['nfs4.compound EXCHANGE_ID'])
})

t.test('an abort gives it back without waiting', async (t) => {
  const { fake, controller, client } = await start(t)
  await ClientId.ask(client, authNone, 1, owner)
  controller.abort(new Error('enough'))
  await eventually('it is given back', () => fake.log.length > 1)
  t.same(fake.log, ['nfs4.compound EXCHANGE_ID', 'nfs4.compound DESTROY_CLIENTID'])
})

t.test('so it does while the call in front of it is still unanswered', async (t) => {
  const { fake, controller, client } = await start(t, { on: { 'nfs4.null': () => undefined } })
  const { reached, asked } = client.together(() => ({
    reached: client.call(nfs4Program, nullProcedure, authNone, undefined),
    asked: ClientId.ask(client, authNone, 1, owner),
  }))
  await asked
  controller.abort(new Error('enough'))
  await t.rejects(reached, { message: 'enough' })
  await eventually('it is given back', () => fake.log.length > 2)
  t.same(fake.log, ['nfs4.null', 'nfs4.compound EXCHANGE_ID', 'nfs4.compound DESTROY_CLIENTID'])
})

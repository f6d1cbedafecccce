import t, { type Test } from 'tap'
import { authNone } from '../../../src/rpc/credential.ts'
import { getFh, putRootFh } from '../../../src/rpc/nfs4/file-handle.ts'
import { ClientId } from '../../../src/rpc/nfs4/client-id.ts'
import { Nfs4Error } from '../../../src/rpc/nfs4/nfs4-error.ts'
import { Nfs4Session, type Ask } from '../../../src/rpc/nfs4/session.ts'
import { RpcClient } from '../../../src/rpc/rpc-client.ts'
import { TcpTransport } from '../../../src/rpc/tcp-transport.ts'
import { eventually } from '../../helpers/eventually.ts'
import { FakeNfs, type FakeNfsOptions } from '../../helpers/nfs-server.ts'

const once: Ask = (call) => call()
const owner = { id: 'me', verifier: Buffer.from('verifier') }

async function start(t: Test, options: FakeNfsOptions = {}, signal?: AbortSignal) {
  const sequences: number[] = []
  const fake = await FakeNfs.start(t, {
    ...options,
    operations: {
      SEQUENCE: (args) => {
        sequences.push(args.readUInt32BE(16))
        return { status: 0 }
      },
      ...options.operations,
    },
  })
  const target = { address: '127.0.0.1', port: fake.nfsPort }
  const transport = await TcpTransport.open(target, signal ?? new AbortController().signal)
  t.teardown(() => transport.close('abrupt'))
  return { fake, sequences, client: new RpcClient(transport, 1) }
}

t.test('a session counts its compounds, and is torn down', async (t) => {
  const { fake, sequences, client } = await start(t)
  const session = await Nfs4Session.open(await ClientId.ask(client, authNone, 2, owner), once)
  t.match(session, { minor: 2, clientId: 5n, maxOperations: 15 })
  t.same(await session.compound([putRootFh, getFh]), [undefined, Buffer.from('handle')])
  await session.prepareToOpen(once)
  await session.prepareToOpen(once)
  await session.close(once)
  t.same(fake.log, [
    'nfs4.compound EXCHANGE_ID',
    'nfs4.compound CREATE_SESSION',
    'nfs4.compound SEQUENCE PUTROOTFH GETFH',
    'nfs4.compound SEQUENCE RECLAIM_COMPLETE',
    'nfs4.compound DESTROY_SESSION',
    'nfs4.compound DESTROY_CLIENTID',
  ])
  t.same(sequences, [1, 2])
})

t.test(
  'a compound that fails after SEQUENCE has used its number up, one that fails in it has not',
  async (t) => {
    const refusals = [
      { operation: 'SEQUENCE', status: 10_008 },
      { operation: 'GETFH', status: 10_013 },
    ]
    const tried: number[] = []
    const { client } = await start(t, {
      operations: {
        SEQUENCE: (args) => {
          tried.push(args.readUInt32BE(16))
          const refused = refusals[0]?.operation === 'SEQUENCE'
          return { status: refused ? (refusals.shift()?.status ?? 0) : 0 }
        },
        GETFH: () => {
          const status = refusals.shift()?.status ?? 0
          return status === 0
            ? { status, results: Buffer.from('0000000161000000', 'hex') }
            : { status }
        },
      },
    })
    const session = await Nfs4Session.open(await ClientId.ask(client, authNone, 1, owner), once)
    await t.rejects(session.compound([putRootFh, getFh]), { message: 'nfs error(NFS4ERR_DELAY)' })
    await t.rejects(session.compound([putRootFh, getFh]), { message: 'nfs error(NFS4ERR_GRACE)' })
    t.same(await session.compound([putRootFh, getFh]), [undefined, Buffer.from('a')])
    t.same(tried, [1, 1, 2])
  },
)

t.test('a client id without a session is given back', async (t) => {
  const { fake, client } = await start(t, {
    operations: { CREATE_SESSION: () => ({ status: 10_005 }) },
  })
  const clientId = await ClientId.ask(client, authNone, 1, owner)
  await t.rejects(Nfs4Session.open(clientId, once), Nfs4Error)
  t.same(fake.log, [
    'nfs4.compound EXCHANGE_ID',
    'nfs4.compound CREATE_SESSION',
    'nfs4.compound DESTROY_CLIENTID',
  ])
})

t.test('what undoes a session goes out when nobody can wait any more', async (t) => {
  const controller = new AbortController()
  const { fake, client } = await start(t, {}, controller.signal)
  await Nfs4Session.open(await ClientId.ask(client, authNone, 1, owner), once)
  controller.abort(new Error('enough'))
  await eventually('both have gone out', () => fake.log.length > 3)
  t.same(fake.log.slice(2), ['nfs4.compound DESTROY_SESSION', 'nfs4.compound DESTROY_CLIENTID'])
})

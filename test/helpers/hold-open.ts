import type { Test } from 'tap'
import { authSys } from '../../src/rpc/credential.ts'
import { lookup, putRootFh } from '../../src/rpc/nfs4/file-handle.ts'
import { ClientId } from '../../src/rpc/nfs4/client-id.ts'
import { open } from '../../src/rpc/nfs4/open.ts'
import { Nfs4Session, type Ask } from '../../src/rpc/nfs4/session.ts'
import { RpcClient } from '../../src/rpc/rpc-client.ts'
import { TcpTransport } from '../../src/rpc/tcp-transport.ts'
import type { Host } from './lab.ts'

/** A client that has a file open, so that a server that is killed has a grace period. */
export async function holdOpen(t: Test, server: Host): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  const transport = await TcpTransport.open({ address: server.address, port: 2049 }, signal)
  t.teardown(() => transport.close('abrupt'))
  const client = new RpcClient(transport, 1)
  const once: Ask = (call) => call()
  const owner = { id: 'holder', verifier: Buffer.from('verifier') }
  const session = await Nfs4Session.open(
    await ClientId.ask(client, authSys('holder', 1), 1, owner),
    once,
  )
  await session.prepareToOpen(once)
  const { clientId } = session
  const request = { clientId, owner: 'me', name: 'hello.txt', access: 'read' } as const
  await session.compound([putRootFh, lookup('data'), open({ ...request, refuseDelegation: true })])
}

import t from 'tap'
import { authNone } from '../../../src/rpc/credential.ts'
import { PlainCaller } from '../../../src/rpc/nfs4/compound-caller.ts'
import { getFh, putRootFh } from '../../../src/rpc/nfs4/file-handle.ts'
import { RpcClient } from '../../../src/rpc/rpc-client.ts'
import { TcpTransport } from '../../../src/rpc/tcp-transport.ts'
import { FakeNfs } from '../../helpers/nfs-server.ts'

t.test('a compound of version 4.0 goes out as it is', async (t) => {
  const fake = await FakeNfs.start(t, { minors: [0] })
  const target = { address: '127.0.0.1', port: fake.nfsPort }
  const transport = await TcpTransport.open(target, new AbortController().signal)
  t.teardown(() => transport.close('abrupt'))
  const caller = new PlainCaller(new RpcClient(transport, 1), authNone)
  t.equal(caller.minor, 0)
  t.same(await caller.compound([putRootFh, getFh]), [undefined, Buffer.from('handle')])
  t.same(fake.log, ['nfs4.compound PUTROOTFH GETFH'])
})

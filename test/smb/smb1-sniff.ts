import t from 'tap'
import { hasOnlySmb1 } from '../../src/smb/smb1-sniff.ts'
import { hex } from '../helpers/smb-codec.ts'
import { connectPeer } from '../helpers/smb-peer.ts'

t.test('offers SMB 1 and 2, in SMB 1', async (t) => {
  const { frames, received } = await connectPeer(t, () => hex('00000004 ff534d42'))
  await hasOnlySmb1(frames)
  const [request = Buffer.alloc(0)] = received
  t.equal(request.toString('latin1', 0, 5), '\xffSMB\x72')
  t.equal(request.readUInt16LE(33), request.length - 35, 'the dialects fill the rest')
  t.match(request.toString('latin1', 35), '\x02NT LM 0.12\0\x02SMB 2.002\0\x02SMB 2.???\0')
})

t.test('tells a server of SMB 1 from one that has SMB 2 as well', async (t) => {
  const old = await connectPeer(t, () => hex('00000005 ff534d42 72'))
  t.equal(await hasOnlySmb1(old.frames), true)
  const both = await connectPeer(t, () => hex('00000005 fe534d42 40'))
  t.equal(await hasOnlySmb1(both.frames), false)
  const neither = await connectPeer(t, () => hex('00000000'))
  t.equal(await hasOnlySmb1(neither.frames), false)
})

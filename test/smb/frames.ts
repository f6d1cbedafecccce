import t from 'tap'
import { NetbiosRefusedError } from '../../src/smb/netbios-refused-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { hex } from '../helpers/smb-codec.ts'
import { connectPeer } from '../helpers/smb-peer.ts'

const nothing = () => undefined

t.test('sends several messages in one go, each behind its length', async (t) => {
  const { frames, received, bytes, socket } = await connectPeer(t, nothing)
  frames.send([Buffer.from('one'), Buffer.alloc(300, 'x')])
  while (received.length < 2) await new Promise((resolve) => socket.once('data', resolve))
  t.same(bytes().subarray(0, 11), hex('00000003 6f6e65 0000012c'))
  t.equal(received[1]?.length, 300)
})

t.test('takes a message in however many pieces it comes', async (t) => {
  const { frames, socket } = await connectPeer(t, nothing)
  const arrived = frames.receive()
  for (const byte of hex('00000003 616263 00000002 6465 85000000 00000001 66')) {
    await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve))
  }
  t.equal((await arrived).toString(), 'abc')
  t.equal((await frames.receive()).toString(), 'de')
  t.equal((await frames.receive()).toString(), 'f', 'what keeps the session alive is no message')
})

t.test('takes several messages from one segment', async (t) => {
  const { frames, socket } = await connectPeer(t, nothing)
  socket.write(hex('00000003 616263 00000000 85000000 00000001 64'))
  t.equal((await frames.receive()).toString(), 'abc')
  t.equal((await frames.receive()).length, 0)
  t.equal((await frames.receive()).toString(), 'd')
})

t.test('refuses frames that no server sends', async (t) => {
  const cases: [string, string, typeof MalformedError | typeof NetbiosRefusedError][] = [
    ['a message of 16 MB', '00ffffff', MalformedError],
    ['one byte more than any answer', '00040001', MalformedError],
    ['another type', '01000000', MalformedError],
    ['a long frame of another type', '83000041', MalformedError],
    ['a web server', '48545450', MalformedError],
    ['a refusal without a reason', '83000000', MalformedError],
    ['a refusal', '83000001 8f', NetbiosRefusedError],
    ['a retarget', '84000006 0a0000010087', NetbiosRefusedError],
  ]
  for (const [name, bytes, type] of cases) {
    const { frames, socket } = await connectPeer(t, nothing)
    socket.write(hex(bytes))
    await t.rejects(frames.receive(), type, name)
  }
})

t.test('opens a NetBIOS session to whoever listens', async (t) => {
  const { frames, bytes } = await connectPeer(t, () => hex('85000000 82000000'))
  await frames.openNetbiosSession('host')
  t.same(
    bytes(),
    Buffer.concat([
      hex('81000044 20'),
      Buffer.from('CKFDENECFDEFFCFGEFFCCACACACACACA'),
      hex('00 20'),
      Buffer.from('EIEPFDFECACACACACACACACACACACAAA'),
      hex('00'),
    ]),
  )
})

t.test('tells why a NetBIOS session was refused', async (t) => {
  const answers: [string, object][] = [
    ['83000001 82', { netbiosCode: 0x82 }],
    ['84000006 0a0000010087', { netbiosCode: 0x84 }],
    ['00000000', { name: 'MalformedError' }],
  ]
  for (const [answer, wanted] of answers) {
    const { frames } = await connectPeer(t, () => hex(answer))
    const refusal = frames.openNetbiosSession('a name of far more than fifteen characters')
    t.match(await refusal.catch((error: unknown) => error), wanted)
  }
})

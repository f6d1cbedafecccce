import t from 'tap'
import type { SambaTarget } from '../../src/probe/samba.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { checkLab, expectOutcome } from '../helpers/smb-lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** Above a note, as tshark counts: a warning or an error. */
const worseThanNote = '_ws.expert.severity >= 0x00600000'

t.test('another implementation finds nothing wrong with what we send', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  await server.samba()
  const checks: [string, Partial<SambaTarget>][] = [
    ['signed, write', { depth: 'write' }],
    ['sealed, write', { share: 'enc', depth: 'write' }],
    ['sealed from the login on', { encrypt: true }],
    ['nobody', { share: 'guest', credentials: Credentials.anonymous() }],
    ['guest', { share: 'guest', credentials: Credentials.guest() }],
    ['NetBIOS', { port: 139 }],
    ['a file', { share: 'guest', depth: 'read', path: 'hello.txt' }],
  ]
  await using capture = await server.capture()
  for (const [name, target] of checks) {
    expectOutcome(t, name, await checkLab(server.address, target), { dialect: '3.1.1' })
  }

  const preferences = ['ntlmssp.nt_password:Lab-Pass1']
  const fields = ['frame.number', 'ip.src', '_ws.expert.message', '_ws.malformed'] as const
  const wrong = `_ws.malformed or (${worseThanNote})`
  t.same(
    await capture.decode(wrong, fields, { preferences }),
    [],
    'neither malformed nor suspicious',
  )

  const proved = 'ntlmssp.messagetype == 3 and _ws.expert.message contains "NTLMv2 authenticated"'
  const proofs = await capture.decode(proved, ['frame.number'], { preferences })
  t.equal(proofs.length, 5, 'the proof of every user is the one of the password')
  const opened = await capture.decode(
    'smb2.header.transform.signature and smb2.cmd',
    ['smb2.cmd'],
    {
      preferences,
    },
  )
  t.ok(opened.length > 10, 'what is sealed can be opened with the password')

  const last = ['tcp.stream', 'smb2.cmd', 'tcp.flags.fin', 'tcp.flags.reset'] as const
  const ours = await capture.decode(`ip.dst == ${server.address} and tcp`, last, { preferences })
  t.notOk(
    ours.some((packet) => packet['tcp.flags.reset'] === '1'),
    'no connection is reset',
  )
  for (const stream of new Set(ours.map((packet) => packet['tcp.stream']))) {
    const packets = ours.filter((packet) => packet['tcp.stream'] === stream)
    const commands = packets.flatMap((packet) => packet['smb2.cmd'].split(',').filter(Boolean))
    t.same(commands.slice(-2), ['4', '2'], 'TREE_DISCONNECT and LOGOFF')
    t.ok(
      packets.some((packet) => packet['tcp.flags.fin'] === '1'),
      'FIN',
    )
  }
})

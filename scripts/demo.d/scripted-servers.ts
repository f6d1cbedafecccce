// The scripted servers of the test suite as a program: says where they are, freezes Samba when told to.
import type { Test } from 'tap'
import { FakeNfs } from '../../test/helpers/nfs-server.ts'
import { SmbServer } from '../../test/helpers/smb-server.ts'

let frozen = false
const isNullSession = 2
const smb = await SmbServer.start({
  sessionFlags: isNullSession,
  deliver: (socket, frames) => {
    if (!frozen) socket.write(Buffer.concat(frames))
  },
})
// Its sockets end with this process; there is no test to tear them down for.
const noTest: unknown = { teardown: () => undefined }
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that the server asks of a test is there
const nfs = await FakeNfs.start(noTest as Test)

process.stdin.setEncoding('utf8')
process.stdin.on('data', () => {
  frozen = true
  process.stdout.write('frozen\n')
})
process.stdin.on('end', () => process.exit(0))
process.stdout.write(
  `${JSON.stringify({ smb: smb.port, nfs: nfs.nfs.port, mount: nfs.mount.port })}\n`,
)

// The scripted servers of the test suite as a program: says where they are, freezes Samba when told to.
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
const atEnd: (() => unknown)[] = []
const nfs = await FakeNfs.start({ teardown: (done: () => unknown) => atEnd.push(done) } as never)

process.stdin.setEncoding('utf8')
process.stdin.on('data', () => {
  frozen = true
  process.stdout.write('frozen\n')
})
process.stdin.on('end', () => process.exit(0))
process.stdout.write(
  `${JSON.stringify({ smb: smb.port, nfs: nfs.nfs.port, mount: nfs.mount.port })}\n`,
)

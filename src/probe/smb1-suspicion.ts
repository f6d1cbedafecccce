import { Frames } from '../smb/frames.ts'
import { hasOnlySmb1 } from '../smb/smb1-sniff.ts'
import { SocketError } from '../wire/socket-error.ts'
import { connectTcp, type TcpTarget } from '../wire/tcp.ts'
import { hungUp } from './samba-judgement.ts'

/** How long a server that hung up gets to say that SMB 1 is all it has. */
const patienceMs = 2_000

/**
 * Whether a server that hung up on our NEGOTIATE did so because it only knows SMB 1. It is asked on a
 * connection of its own; whatever goes wrong there, it is the first failure that counts.
 */
export async function offersOnlySmb1(
  error: unknown,
  target: TcpTarget & { callingName: string | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  if (!(error instanceof SocketError) || !hungUp.has(error.code)) return false
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const tcp = await connectTcp(target, limited)
    try {
      const frames = new Frames(tcp)
      if (target.callingName !== undefined) await frames.openNetbiosSession(target.callingName)
      return await hasOnlySmb1(frames)
    } finally {
      tcp.close()
    }
  } catch {
    return false
  }
}

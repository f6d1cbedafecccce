import { isAboutIdentity } from '../smb/identity-status.ts'
import { NetbiosRefusedError } from '../smb/netbios-refused-error.ts'
import { ntStatusName, win32Code } from '../smb/nt-status.ts'
import { ShareTypeError } from '../smb/share-type-error.ts'
import { Smb1OnlyError } from '../smb/smb1-only-error.ts'
import { StatusError } from '../smb/status-error.ts'
import { MalformedError } from '../wire/malformed-error.ts'
import { SocketError } from '../wire/socket-error.ts'
import type { Cause } from './probe.ts'
import type { Judgement } from './run-check.ts'

/** ETIMEDOUT, as Linux counts. */
const timedOut = 110
/** ERROR_INVALID_DATA */
const invalidData = 13
/** ERROR_NOT_SUPPORTED */
const notSupported = 50

/** How a peer hangs up. */
export const hungUp: ReadonlySet<string> = new Set(['EOF', 'ECONNRESET', 'EPIPE'])

/** What a deadline that ran out in a stage means. */
export function onSambaTimeout(stage: string): Judgement {
  const id = stage === 'connect' ? 72 : 74
  return { failure: 'timeout', cause: { id, nn: timedOut }, reason: `${stage}: no answer in time` }
}

/** What an error in a stage means, where it is the server's fault. */
export function judgeSamba(error: unknown, stage: string): Judgement | undefined {
  if (error instanceof StatusError) {
    return {
      failure: 'refused',
      cause: { id: refusalId(stage), nn: win32Code(error.status) },
      reason: `${stage}: ${error.message}`,
      detail: { ntStatus: ntStatusName(error.status) },
      ...(stage === 'session' && isAboutIdentity(error.status) && { isAboutIdentity: true }),
    }
  }
  if (error instanceof SocketError) return judgeSocket(error, stage)
  if (error instanceof MalformedError) {
    const cause = { id: refusalId(stage), nn: invalidData }
    return { failure: 'malformed', cause, reason: `${stage}: ${error.message}` }
  }
  if (error instanceof ShareTypeError) return refused({ id: 63 }, stage, error)
  if (error instanceof NetbiosRefusedError) {
    return refused({ id: 64, nn: error.netbiosCode }, stage, error)
  }
  if (error instanceof Smb1OnlyError) return refused({ id: 65, nn: notSupported }, stage, error)
  return undefined
}

function refused(cause: Cause, stage: string, error: Error): Judgement {
  return { failure: 'refused', cause, reason: `${stage}: ${error.message}` }
}

function refusalId(stage: string): number {
  if (stage === 'netbios') return 64
  return stage === 'negotiate' ? 65 : 62
}

function judgeSocket(error: SocketError, stage: string): Judgement {
  const reason = `${stage}: ${error.message}`
  const failure = error.operation === 'connect' ? 'connect' : 'broken'
  return { failure, cause: { id: socketId(error, stage), nn: error.errno }, reason }
}

/** Before the server has said a word of SMB, hanging up is its way to refuse us. */
function socketId({ operation, code }: SocketError, stage: string): number {
  if (operation === 'connect') return 72
  if ((stage === 'netbios' || stage === 'negotiate') && hungUp.has(code)) return 64
  return operation === 'send' ? 73 : 75
}

/** What a socket was asked to do when it failed. */
export type SocketOperation = 'socket' | 'bind' | 'connect' | 'send' | 'receive'

/** A socket's failure: which call failed, and the system's number for the reason (0: closed by the peer). */
export class SocketError extends Error {
  override readonly name = 'SocketError'
  readonly operation: SocketOperation
  readonly code: string
  readonly errno: number

  constructor(operation: SocketOperation, code: string, errno: number, cause?: unknown) {
    super(`${operation} ${code}`, cause === undefined ? undefined : { cause })
    this.operation = operation
    this.code = code
    this.errno = errno
  }

  /** The end of a connection that the peer closed in good order. */
  static closedByPeer(): SocketError {
    return new SocketError('receive', 'EOF', 0)
  }

  /** Brings an error of Node's sockets into this form; one without a system call belongs to the operation named. */
  static from(error: NodeJS.ErrnoException, operation: SocketOperation): SocketError {
    const code = error.code ?? 'UNKNOWN'
    return new SocketError(
      operationOf(error, code, operation),
      code,
      Math.abs(error.errno ?? 0),
      error,
    )
  }
}

const noSocketToBeHad: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
])

function operationOf(
  error: NodeJS.ErrnoException,
  code: string,
  fallback: SocketOperation,
): SocketOperation {
  // Node makes the socket within connect(), so its failure carries the later call's name.
  if (error.syscall === 'connect' && noSocketToBeHad.has(code)) return 'socket'
  switch (error.syscall ?? '') {
    case 'bind':
      return 'bind'
    case 'connect':
      return 'connect'
    case 'write':
    case 'shutdown':
    case 'send':
      return 'send'
    case 'read':
    case 'recvmsg':
      return 'receive'
    default:
      return fallback
  }
}

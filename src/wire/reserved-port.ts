import { SocketError } from './socket-error.ts'

const lowest = 512
const count = 512
const taken: ReadonlySet<string> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL'])

/**
 * Opens a socket from a port that only root may use, in random order until one is free.
 *
 * A port counts as taken also when an earlier connection from it to the same server still lingers.
 */
export async function fromReservedPort<T>(
  open: (localPort: number) => Promise<T>,
  preferred?: number,
): Promise<T> {
  let lastError: unknown
  for (const port of candidates(preferred)) {
    try {
      return await open(port)
    } catch (error) {
      if (!(error instanceof SocketError) || !taken.has(error.code)) throw error
      lastError = error
    }
  }
  throw new SocketError('bind', 'EADDRINUSE', 98, lastError)
}

function* candidates(preferred: number | undefined): Generator<number> {
  if (preferred !== undefined) yield preferred
  const ports = Array.from({ length: count }, (_, index) => lowest + index)
  for (let left = count; left > 0; left--) {
    const chosen = Math.floor(Math.random() * left)
    const port = ports[chosen] ?? lowest
    ports[chosen] = ports[left - 1] ?? lowest
    if (port !== preferred) yield port
  }
}

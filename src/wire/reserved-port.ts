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
  const first = Math.floor(Math.random() * count)
  // Odd, and so in as many steps as there are ports it comes to each of them once.
  const step = Math.floor(Math.random() * count) | 1
  for (let i = 0; i < count; i++) {
    const port = lowest + ((first + i * step) % count)
    if (port !== preferred) yield port
  }
}

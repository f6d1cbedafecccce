import { once } from 'node:events'
import type { Socket } from 'node:net'

/** A peer that has closed its end shows in much less. */
const patienceMs = 5000

/** How many of a server's connections the peer does not close, however long one waits. */
export async function stillOpen(sockets: readonly Socket[]): Promise<number> {
  const open = sockets.filter((socket) => !socket.closed)
  if (open.length === 0) return 0
  const signal = AbortSignal.timeout(patienceMs)
  const waits = open.map(async (socket) => {
    // Without a reader the end of what was sent would never be seen.
    socket.resume()
    await once(socket, 'close', { signal })
  })
  await Promise.allSettled(waits)
  return open.filter((socket) => !socket.closed).length
}

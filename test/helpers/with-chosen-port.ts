import { randomInt } from 'node:crypto'
import { SocketError } from '../../src/wire/socket-error.ts'

const below = { first: 10_000, afterLast: 32_000 }

/** What `act` made of a local port of the test's own choice, another one for each that is taken: none the kernel would hand out. */
export async function withChosenPort<Result>(
  act: (localPort: number) => Promise<Result>,
): Promise<{ localPort: number; result: Result }> {
  for (let left = 100; ; left--) {
    const localPort = randomInt(below.first, below.afterLast)
    try {
      return { localPort, result: await act(localPort) }
    } catch (error) {
      const taken = error instanceof SocketError && error.code === 'EADDRINUSE'
      if (!taken || left === 0) throw error
    }
  }
}

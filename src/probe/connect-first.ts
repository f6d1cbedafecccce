import { connectTcp, type TcpConnection } from '../wire/tcp.ts'
import { ownTrouble } from './own-trouble.ts'

/** A connection, and the address at its other end. */
export type Connected = { tcp: TcpConnection; address: string }

/**
 * Connects to the first of a server's addresses that lets us; when none does, the first refusal counts,
 * unless that was our own trouble and another one was not.
 */
export async function connectFirst(
  addresses: readonly [string, ...string[]],
  port: number,
  signal: AbortSignal,
  connect = connectTcp,
): Promise<Connected> {
  const errors: unknown[] = []
  for (const address of addresses) {
    try {
      return { tcp: await connect({ address, port }, signal), address }
    } catch (error) {
      signal.throwIfAborted()
      errors.push(error)
    }
  }
  throw errors.find((error) => ownTrouble(error) === undefined) ?? errors[0]
}

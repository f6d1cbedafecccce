import { connectTcp, type TcpConnection } from '../wire/tcp.ts'
import { ownTrouble } from './own-trouble.ts'

/** A connection, and the address at its other end. */
export type Connected = { tcp: TcpConnection; address: string }

/** How long an address may keep silent before the next one is tried beside it. */
const patienceMs = 500

/**
 * Connects to the first of a server's addresses that lets us, as its clients do: the next one is tried
 * when one refuses, or has been silent for a while. When none does, the first refusal counts, unless
 * that was our own trouble and another one was not.
 */
export async function connectFirst(
  addresses: readonly [string, ...string[]],
  port: number,
  signal: AbortSignal,
  connect = connectTcp,
): Promise<Connected> {
  const [only] = addresses
  if (addresses.length === 1) {
    return { tcp: await connect({ address: only, port }, signal), address: only }
  }
  return new Promise((resolve, reject) => {
    const errors: unknown[] = []
    const running = new Set<AbortController>()
    let begun = 0
    let timer: NodeJS.Timeout | undefined
    const settle = (end: () => void): void => {
      clearTimeout(timer)
      begun = addresses.length
      const losers = [...running]
      running.clear()
      for (const loser of losers) loser.abort(new Error('another address was quicker'))
      end()
    }
    const begin = (): void => {
      clearTimeout(timer)
      const at = begun
      const address = addresses[at]
      if (address === undefined) return
      begun += 1
      if (begun < addresses.length) timer = setTimeout(begin, patienceMs)
      const own = new AbortController()
      const onAbort = (): void => {
        own.abort(signal.reason)
      }
      running.add(own)
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
      const succeed = (tcp: TcpConnection): void => {
        if (!running.delete(own)) tcp.reset()
        else settle(() => resolve({ tcp, address }))
      }
      const fail = (error: unknown): void => {
        signal.removeEventListener('abort', onAbort)
        if (!running.delete(own)) return
        errors[at] = error
        if (signal.aborted) settle(() => reject(signal.reason))
        else if (begun < addresses.length) begin()
        else if (running.size === 0) {
          settle(() => reject(errors.find((each) => ownTrouble(each) === undefined) ?? errors[0]))
        }
      }
      connect({ address, port }, own.signal).then(succeed, fail)
    }
    begin()
  })
}

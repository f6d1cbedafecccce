import { isIP } from 'node:net'
import { resolveHost } from '../wire/resolve.ts'
import type { Finding } from './finding.ts'

/** What looking a name up came to. */
export type LookedUp = { host: string; ms: number } & (
  { addresses: readonly string[] } | { problem: string } | { isSilent: true }
)

/** A name service that is silent for longer is given up, so that it can be said which name it is. */
const longestMs = 10_000

/** A look-up that takes longer takes too much of a check's time. */
const slowMs = 1000

/** Whether a server's name leads to it, soon enough. */
export function judgeName(seen: LookedUp): Finding {
  const { host, ms } = seen
  if ('isSilent' in seen) return { grade: 'failure', what: 'silent', values: { host, ms } }
  if ('problem' in seen)
    return { grade: 'failure', what: 'notFound', values: { host, reason: seen.problem } }
  const values = { host, ms, address: seen.addresses.join(', ') }
  return { grade: ms > slowMs ? 'warning' : 'ok', what: ms > slowMs ? 'slow' : 'found', values }
}

/** Looks up every server that is not given by its address. */
export async function lookAtNames(
  hosts: readonly string[],
  signal: AbortSignal,
  resolve: typeof resolveHost = resolveHost,
  limitMs = longestMs,
): Promise<Finding[]> {
  const names = [...new Set(hosts)].filter((host) => isIP(host) === 0)
  if (names.length === 0) return [{ grade: 'ok', what: 'numeric' }]
  const timeout = AbortSignal.timeout(limitMs)
  return Promise.all(
    names.map(async (host) => {
      const startedAt = performance.now()
      const since = (): number => Math.round(performance.now() - startedAt)
      try {
        const addresses = await resolve(host, AbortSignal.any([signal, timeout]))
        return judgeName({ host, ms: since(), addresses })
      } catch (error) {
        if (timeout.aborted) return judgeName({ host, ms: since(), isSilent: true })
        const problem = error instanceof Error ? error.message : String(error)
        return judgeName({ host, ms: since(), problem })
      }
    }),
  )
}

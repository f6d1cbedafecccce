import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves once `holds` does; the limit only ends a wait that would never be over. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 60_000,
): Promise<void> {
  const deadlineMs = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`not in ${limitMs} ms: ${what}`)
    await sleep(10)
  }
}

import { setTimeout as delay } from 'node:timers/promises'

/** Waits until something has become true, for as long as a slow machine may need. */
export async function waitFor(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 30_000
  while (!(await isTrue())) {
    if (Date.now() > until) throw new Error('it has not become true within half a minute')
    await delay(5)
  }
}

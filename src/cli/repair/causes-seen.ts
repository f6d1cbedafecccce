import type { Onlooker } from '../../watch/onlooker.ts'

/** What is probably wrong by now, the likeliest first, as those see it who look on at a watch. */
export function causesSeen(onlookers: readonly Onlooker[]): string[] {
  return onlookers.flatMap((onlooker) => {
    const { causes = [] } = onlooker.status?.().diagnosis ?? {}
    return causes.map(({ key }) => key)
  })
}

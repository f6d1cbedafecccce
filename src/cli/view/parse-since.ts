const unitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}

/** A moment in the past: `90s`, `15m`, `1h`, `2d`, `1w` ago, or a day or time such as `2026-01-31` or `2026-01-31T12:00`; undefined for what is none. */
export function parseSince(text: string, now: Date): Date | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (unitsMs[unit] ?? 0))
  const [, day, time = '00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?))?$/.exec(text) ??
    []
  if (day === undefined) return undefined
  // With a time and no zone it is that of this host.
  const date = new Date(`${day}T${time}`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

const epochMs = Date.UTC(2000, 0, 1)
const dayMs = 86_400_000

/** The largest day that a key can hold. */
export const lastDay = 0xffff

/** The calendar day at a place and time, as the number of days since 2000-01-01. */
export function localDay(now: Date): number {
  return dayOf(now.getFullYear(), now.getMonth(), now.getDate())
}

/** A day as the alerts print it: mm/dd/yyyy. */
export function alertDate(day: number): string {
  const [year, month, date] = isoDate(day).split('-')
  return `${month}/${date}/${year}`
}

/** A day as yyyy-mm-dd. */
export function isoDate(day: number): string {
  return new Date(epochMs + day * dayMs).toISOString().slice(0, 10)
}

/** Reads yyyy-mm-dd or mm/dd/yyyy; undefined for what is no day of the calendar or not in a key's range. */
export function parseDay(text: string): number | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const alert = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text)
  const [year, month, date] =
    iso === null ? [alert?.[3], alert?.[1], alert?.[2]] : [iso[1], iso[2], iso[3]]
  if (year === undefined) return undefined
  const day = dayOf(Number(year), Number(month) - 1, Number(date))
  if (isoDate(day) !== `${year}-${month}-${date}`) return undefined
  return day < 1 || day > lastDay ? undefined : day
}

function dayOf(year: number, month: number, date: number): number {
  return Math.round((Date.UTC(year, month, date) - epochMs) / dayMs)
}

import type { TrendVerdict } from './trend.ts'

/** Whether a limit has been warned of, and how often in a row the samples have said the contrary. */
export type TrendAlarm = { isOn: boolean; inRow: number }

/** How every watch begins. */
export const noAlarm: Readonly<TrendAlarm> = { isOn: false, inRow: 0 }

/** So often in a row must a danger be seen, and must it be gone. */
const dangersInRow = 2
const calmsInRow = 3

/** What a verdict on the samples makes of an alarm, and the alert that says so. */
export function afterVerdict(
  { isOn, inRow }: TrendAlarm,
  verdict: TrendVerdict,
): { alarm: TrendAlarm; say?: 103 | 104 } {
  // What cannot be told keeps what was told before.
  if (verdict.kind === 'unknown') return { alarm: { isOn, inRow } }
  const isContrary = verdict.kind === (isOn ? 'calm' : 'danger')
  if (!isContrary) return { alarm: { isOn, inRow: 0 } }
  // What is reached needs no second look: two samples have said so.
  const isReached = verdict.kind === 'danger' && verdict.inMs === 0
  const enough = isOn ? calmsInRow : isReached ? 1 : dangersInRow
  if (inRow + 1 < enough) return { alarm: { isOn, inRow: inRow + 1 } }
  return { alarm: { isOn: !isOn, inRow: 0 }, say: isOn ? 104 : 103 }
}

/** How many days before its end a license is spoken of. */
const warningDays = [1, 7, 30] as const

/** The warning that is due with that many days left, after the one given last: 30, 7 or 1 days. */
export function endWarning(
  daysLeft: number,
  lastGiven: number | undefined,
): (typeof warningDays)[number] | undefined {
  const due = warningDays.find((days) => daysLeft <= days)
  return due === undefined || (lastGiven !== undefined && lastGiven <= due) ? undefined : due
}

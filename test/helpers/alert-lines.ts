const line = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \S+ (sambamon|nfsmon) (\d+) (INFO|ERROR) (.*)$/gm

/** The alerts in what a monitor said on standard error, in their order: `1 INFO The …`. */
export function alertLines(err: string): string[] {
  return Array.from(err.matchAll(line), ([, , id, level, text]) => `${id} ${level} ${text}`)
}

/** Their IDs alone. */
export function alertIds(err: string): number[] {
  return Array.from(err.matchAll(line), ([, , id]) => Number(id))
}

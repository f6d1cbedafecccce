import { judge } from './aims.mjs'

/** The text of a run's file: one line for each series, and what it all comes to, which is computed from the rest. */
export function encodeRun(run) {
  const { series, aims: _, ...rest } = run
  const lines = Object.entries(series).map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  )
  const body = { ...rest, aims: judge(run) }
  const fields = Object.entries(body).map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  )
  return `{\n${fields.join(',\n')},\n"series":{\n${lines.join(',\n')}\n}}\n`
}

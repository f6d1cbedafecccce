/** One figure of a plugin's performance data. */
export type Figure = {
  label: string
  value: number
  unit: string
  warning: string
  critical: string
  min: string
  max: string
}

/** What a plugin said, taken apart. */
export type NagiosOutput = { service: string; level: string; text: string; figures: Figure[] }

/** Reads the output of a plugin, and throws at whatever the guidelines do not allow. */
export function parseNagiosOutput(output: string): NagiosOutput {
  const line = /^([^\n]*)\n$/.exec(output)?.[1]
  if (line === undefined) throw new Error(`not one line: ${output}`)
  const parts = line.split('|')
  if (parts.length > 2) throw new Error(`more than one bar: ${line}`)
  const head = /^([A-Z]+) (OK|WARNING|CRITICAL|UNKNOWN) - (\S.*?) ?$/.exec(parts[0] ?? '')
  if (head === null) throw new Error(`no service and status: ${line}`)
  const [, service = '', level = '', text = ''] = head
  return { service, level, text, figures: figuresOf(parts[1] ?? '') }
}

function figuresOf(data: string): Figure[] {
  const figures: Figure[] = []
  const number = String.raw`-?\d+(?:\.\d+)?`
  const figure = new RegExp(
    String.raw`^ ('(?:[^'=]|'')+'|[^ '=]+)=(${number})(s|us|ms|%|B|KB|MB|TB|c|)` +
      String.raw`(?:;(@?[\d.:~-]*))?(?:;(@?[\d.:~-]*))?(?:;(${number})?)?(?:;(${number})?)?(?= |$)`,
  )
  let rest = data
  while (rest.trim() !== '') {
    const found = figure.exec(rest)
    if (found === null) throw new Error(`no figure: ${rest}`)
    const [all, label = '', value, unit = '', warning = '', critical = '', min = '', max = ''] =
      found
    if (figures.some((earlier) => earlier.label === label)) throw new Error(`twice: ${label}`)
    figures.push({ label, value: Number(value), unit, warning, critical, min, max })
    rest = rest.slice(all.length)
  }
  return figures
}

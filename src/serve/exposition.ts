/** The two forms of metrics that monitoring systems ask for. */
export type ExpositionFormat = 'openmetrics' | 'prometheus'

/** The kinds of metrics there are; `info` and `stateset` are gauges to Prometheus' older form. */
export type MetricType = 'gauge' | 'counter' | 'histogram' | 'info'

/** One value: the name's ending, what tells it from others of its family, and the value itself. */
export type Sample = {
  suffix: '' | '_total' | '_info' | '_bucket' | '_sum' | '_count'
  /** as `labelText` makes them */
  labels: string
  value: number
}

/** Values that belong together. */
export type Family = {
  name: string
  type: MetricType
  help: string
  samples: Sample[]
  /** lines that were put into words before, each with its end; the same in both forms */
  ready?: readonly Buffer[]
}

/** The media type of each form. */
export const expositionTypes: Readonly<Record<ExpositionFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
}

/** Which form an Accept header asks for; the older one unless the newer one is named. */
export function formatFor(accept: string | undefined): ExpositionFormat {
  const named = (accept ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .find((part) => part.startsWith('application/openmetrics-text'))
  return named === undefined || /;\s*q=0(\.0*)?\s*(;|$)/.test(named) ? 'prometheus' : 'openmetrics'
}

/** Puts families into the text of a form, as the bytes that are sent. */
export function expose(families: readonly Family[], format: ExpositionFormat): Buffer {
  const parts: Buffer[] = []
  let lines: string[] = []
  const close = (): void => {
    if (lines.length > 0) parts.push(Buffer.from(`${lines.join('\n')}\n`))
    lines = []
  }
  for (const { name, type, help, samples, ready = [] } of families) {
    const called = format === 'openmetrics' ? name : name + plainSuffix(type)
    const kind = format === 'prometheus' && type === 'info' ? 'gauge' : type
    lines.push(`# HELP ${called} ${escapeHelp(help, format)}`, `# TYPE ${called} ${kind}`)
    for (const { suffix, labels, value } of samples) {
      const braced = labels === '' ? '' : `{${labels}}`
      lines.push(`${name}${suffix}${braced} ${numberText(value)}`)
    }
    if (ready.length === 0) continue
    close()
    parts.push(...ready)
  }
  if (format === 'openmetrics') lines.push('# EOF')
  close()
  return Buffer.concat(parts)
}

/** In the older form a family has the name of its only sample. */
function plainSuffix(type: MetricType): string {
  if (type === 'counter') return '_total'
  return type === 'info' ? '_info' : ''
}

/** What tells a value from others of its family; made once for all values that share it. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',')
}

/** What would end a label's value or its line is written as both forms want it. */
function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

function escapeHelp(text: string, format: ExpositionFormat): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

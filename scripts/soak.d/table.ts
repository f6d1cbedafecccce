import type { Finding } from './ground.ts'
import type { Growth } from './growth.ts'
import type { Judgement } from './judge.ts'

type Row = readonly string[]

/** Rows under their headings; the first column to the left, the others to the right. */
function columns(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** How many findings came to what, for each kind of fault. */
export function verdictTable(findings: readonly Finding[]): string {
  const kinds = [...new Set(findings.map(({ fault, kind }) => `${fault}, ${kind}`))].toSorted()
  const headings = ['fault', 'cases', 'survived', 'found', 'false', 'missed', 'unclear', 'slowest']
  const rows = kinds.map((name) =>
    line(
      name,
      findings.filter(({ fault, kind }) => `${fault}, ${kind}` === name),
    ),
  )
  return columns([headings, ...rows, line('all', findings)])
}

/** One line: how many came to what, and which took the largest part of what is promised. */
function line(name: string, of: readonly Finding[]): Row {
  const count = (judgement: Judgement) =>
    String(of.filter((finding) => finding.judgement === judgement).length)
  const parts = of.flatMap(({ judgement, partOfPromise = 0 }) =>
    judgement === 'found' ? [partOfPromise] : [],
  )
  const slowest = parts.length === 0 ? '' : `${Math.round(Math.max(...parts) * 100)} %`
  const counts = (['survived', 'found', 'false', 'missed', 'unclear'] as const).map(count)
  return [name, String(of.length), ...counts, slowest]
}

/** A time that is longer than anybody looks ahead is told as such. */
function yearsText(years: number): string {
  return years > 100 ? '> 100 years' : `${years.toFixed(1)} years`
}

/** What each process that lived all through the soak took, and whether that grew. */
export function growthTable(growths: ReadonlyMap<string, readonly Growth[]>): string {
  const headings = [
    'monitor',
    'measure',
    'after warm-up',
    'at the end',
    'slope',
    'error',
    'for each',
    'twice as much after',
    '',
  ]
  const rows = Array.from(growths, ([id, growth]) =>
    growth.map(({ measure, per, first, last, slope, doublingYears, verdict }): Row => {
      const [perUnit, error] = slope ? [slope.perUnit, slope.error] : [Number.NaN, Number.NaN]
      const ends = [first, last].map((value) => value.toLocaleString('en'))
      const years = doublingYears === undefined ? '' : yearsText(doublingYears)
      return [
        id,
        measure,
        ...ends,
        perUnit.toFixed(3),
        `± ${error.toFixed(3)}`,
        per,
        years,
        verdict,
      ]
    }),
  ).flat()
  return columns([headings, ...rows])
}

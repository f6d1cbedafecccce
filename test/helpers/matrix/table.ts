import { readFileSync } from 'node:fs'

/** One line of a table of what is expected: a fault, a depth, and a verdict for each phase that matters. */
export type Row = {
  fault: string
  depth: string
  reason: string
  /** by phase; a phase without a verdict is not tried */
  verdicts: ReadonlyMap<string, string>
}

/** What is expected of one server. */
export type Table = { phases: readonly string[]; rows: readonly Row[] }

/**
 * Reads one section of a page: a table whose first columns are the fault and the depth, whose others are
 * phases, and a sentence of reason for each fault.
 */
export function readTable(file: URL, section: string): Table {
  const page = readFileSync(file, 'utf8')
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`))
  if (text === undefined) throw new Error(`${file.pathname} has no section '${section}'`)
  const reasons = new Map(
    [...text.matchAll(/^- \*\*(.+?)\*\*: (.+(?:\n {2}.+)*)$/gm)].map(
      ([, fault = '', reason = '']) => [fault, reason.replaceAll(/\s+/g, ' ')],
    ),
  )
  const lines = text.split('\n').filter((line) => line.startsWith('|'))
  const [head = [], , ...body] = lines.map((line) => {
    return line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  })
  const phases = head.slice(2)
  let last = ''
  const rows = body.map(([named = '', depth = '', ...cells]) => {
    const fault = named === '' ? last : named
    last = fault
    const reason = reasons.get(fault)
    if (reason === undefined) throw new Error(`${section}: no reason is given for '${fault}'`)
    const verdicts = phases.flatMap((phase, index): [string, string][] => {
      const cell = cells[index] ?? ''
      return cell === '' || cell === '–' ? [] : [[phase, cell]]
    })
    return { fault, depth, reason, verdicts: new Map(verdicts) }
  })
  return { phases, rows }
}

/**
 * Whether a verdict is one of those expected: `a or b` is either, `75[0/104]` either number, `any` anything.
 */
export function isExpected(seen: string, expected: string): boolean {
  return expected.split(' or ').some((one) => {
    const numbers = /\[([^\]]*\/[^\]]*)\]/.exec(one)
    const all = numbers?.[1]?.split('/').map((number) => one.replace(numbers[0], `[${number}]`))
    return (all ?? [one]).some((pattern) => {
      const words = pattern
        .split('any')
        .map((part) => part.replaceAll(/[.[\]()?*+^$\\{}|]/g, '\\$&'))
      return new RegExp(`^${words.join('.*')}$`).test(seen)
    })
  })
}

import type { Test } from 'tap'
import type { Outcome, Probe } from '../../../src/probe/probe.ts'
import { type Harm, type Seen, tryOnce } from './cell.ts'
import { Detour } from './detour.ts'
import { note } from './finding.ts'
import type { Framing } from './framing.ts'
import { isExpected, readTable, type Row } from './table.ts'

/** The deadline of the checks of the matrix. */
export const deadlineMs = 1500

/** No check may take more to end when it is told that its deadline has come. */
const mostOvershootMs = 50

/** So often a cell is tried whose verdict does not count because we stood still or were too slow. */
const mostTries = 4

/** One kind of fault, as this server can have it. */
export type Fault<Target> = {
  /** what the check asks for in place of the usual */
  target?: Target
  deadlineMs?: number
  /** checks in a row of which one has to pass */
  checks?: number
  /** what has to be there beforehand */
  prepare?: () => Promise<void>
  harm: (beforeCheck: boolean) => Harm
  mend?: () => Promise<void>
}

/** Some of them, by their names. */
export function chosenFaults<Target>(
  faults: Readonly<Record<string, Fault<Target>>>,
  names: readonly string[],
): Record<string, Fault<Target>> {
  return Object.fromEntries(
    names.map((name) => {
      const fault = faults[name]
      if (fault === undefined) throw new Error(`there is no fault '${name}'`)
      return [name, fault]
    }),
  )
}

/** One server under test. */
export type Subject<Target> = {
  /** the section of the table */
  name: string
  address: string
  ports: readonly number[]
  framing: Framing
  /** whole answers up to each phase, by depth; before the check begins: undefined */
  phases: Readonly<Record<string, readonly (number | undefined)[]>>
  faults: Readonly<Record<string, Fault<Target>>>
  probe: (depth: string, isRelayed: boolean, more?: Target) => Probe
  /** a verdict in the words of the table */
  verdict: (outcome: Outcome) => string
  /** before every try */
  settle?: () => Promise<void>
}

/** What is expected of every cell. */
export const expectations = new URL('../../lab/matrix/expected.md', import.meta.url)

/** Whether all cells are asked for, or only some of each row. */
const isWhole = process.env.CLP_FSMON_MATRIX === 'whole'

/** Tries every fault at every phase, and holds what is seen to what was expected. */
export async function runMatrix<Target>(t: Test, subject: Subject<Target>): Promise<void> {
  const table = readTable(expectations, subject.name)
  const detour = await Detour.create()
  await t.test('the phases are those of a check', async (t) => {
    for (const [depth, answers] of Object.entries(subject.phases)) {
      const last = answers.at(-1)
      const seen = await tryOnce(detour, trialOf(subject, depth, last, {}, 30_000))
      t.equal(subject.verdict(seen.outcome), 'ok', `depth ${depth} passes`)
      t.equal(seen.answers, last, `depth ${depth}: ${last} answers`)
    }
  })
  const only = process.env.CLP_FSMON_MATRIX_ROW
  const rows = table.rows
    .map((row, index) => ({ row, tried: chosen(row, table.phases, index) }))
    .filter(({ row }) => only === undefined || row.fault === only)
  note({ server: subject.name, planned: rows.reduce((sum, { tried }) => sum + tried.length, 0) })
  for (const { row, tried } of rows) {
    await t.test(`${row.fault}, depth ${row.depth}`, async (t) => {
      const fault = subject.faults[row.fault]
      if (fault === undefined) throw new Error(`nobody knows how to bring about '${row.fault}'`)
      for (const phase of tried) {
        await runCell(t, subject, detour, { row, phase, fault, phases: table.phases })
      }
    })
  }
  t.strictSame(
    Object.keys(subject.faults).filter((name) => !table.rows.some(({ fault }) => fault === name)),
    [],
    'every fault is in the table',
  )
}

/** In the short form: before the check, and one phase more, another one from row to row. */
function chosen({ verdicts }: Row, phases: readonly string[], index: number): string[] {
  const all = phases.filter((phase) => verdicts.has(phase))
  if (isWhole) return all
  const [first, ...others] = all
  const other = others[index % others.length]
  return [first, other].filter((phase) => phase !== undefined)
}

type Cell<Target> = {
  row: Row
  phase: string
  fault: Fault<Target>
  phases: readonly string[]
}

async function runCell<Target>(
  t: Test,
  subject: Subject<Target>,
  detour: Detour,
  { row, phase, fault, phases }: Cell<Target>,
): Promise<void> {
  const { depth } = row
  const expected = row.verdicts.get(phase) ?? ''
  const after = (subject.phases[depth] ?? subject.phases.read)?.[phases.indexOf(phase)]
  let tries = 0
  let seen: Seen
  let verdict: string
  for (;;) {
    tries++
    await subject.settle?.()
    await fault.prepare?.()
    const harm = fault.harm(after === undefined)
    const limitMs = fault.deadlineMs ?? deadlineMs
    const trial = trialOf(subject, depth, after, harm, limitMs, fault.target)
    try {
      seen = await tryOnce(detour, trial)
      for (let more = 1; more < (fault.checks ?? 1) && seen.outcome.kind !== 'ok'; more++) {
        seen = await tryOnce(detour, { ...trial, harm: {} })
      }
    } finally {
      await fault.mend?.()
    }
    verdict = subject.verdict(seen.outcome)
    if (!seen.hasHappened) verdict += ' before anything happened'
    const isInTime = seen.overshoot.toldMs <= mostOvershootMs
    const isGood = isExpected(verdict, expected) && isInTime
    // The monitor discards a verdict from a stall of its own, and so do we; who came too late has met one.
    const mayBeOurs = seen.lostMs > 0 || !seen.hasHappened || !isInTime
    if (isGood || !mayBeOurs || tries === mostTries) break
  }
  const healed = await tryOnce(detour, trialOf(subject, 'read', undefined, {}, 30_000))
  const afterwards = subject.verdict(healed.outcome)
  if (afterwards !== 'ok') verdict += `, then ${afterwards}`
  const name = `${phase}: expected ${expected}, seen ${verdict}`
  const good = isExpected(verdict, expected)
  const { fault: named } = row
  const finding = { fault: named, depth, phase, expected, seen: verdict, isExpected: good }
  const { overshoot } = seen
  note({ server: subject.name, ...finding, tries, ...overshoot })
  const reason = 'reason' in seen.outcome ? seen.outcome.reason : ''
  t.ok(good, name, { reason: row.reason, said: reason, stages: seen.outcome.stages })
  t.ok(overshoot.toldMs <= mostOvershootMs, `${phase}: ${overshoot.toldMs.toFixed(1)} ms late`)
}

function trialOf<Target>(
  subject: Subject<Target>,
  depth: string,
  after: number | undefined,
  harm: Harm,
  limitMs: number,
  target?: Target,
) {
  const { address, ports, framing } = subject
  const probe = subject.probe(depth, after !== undefined, target)
  return { probe, deadlineMs: limitMs, address, ports, framing, after, harm }
}

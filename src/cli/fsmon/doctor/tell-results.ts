import { gravest, type Finding, type Grade, type StepResult } from '../../../doctor/finding.ts'
import { fill } from '../../texts.ts'
import { displayWidth, harmless } from '../../view/columns.ts'
import type { DoctorTexts } from './doctor-texts.ts'

type Words = { text: string; remedy?: string; command?: string }

/** A finding in words, with what helps, and the command for it where there is one. */
export function wordsOf(step: string, { what, values = {} }: Finding, texts: DoctorTexts): Words {
  const table: Readonly<Record<string, Readonly<Record<string, Words>>>> = texts.found
  const words = table[step]?.[what] ?? table['any']?.[what] ?? { text: what }
  const { text, remedy, command } = words
  return {
    text: fill(text, values),
    ...(remedy !== undefined && { remedy: fill(remedy, values) }),
    ...(command !== undefined && { command: fill(command, values) }),
  }
}

/** The results as a person reads them: a line for each finding, with the remedy below it. */
export function resultLines({ name, findings, mended }: StepResult, texts: DoctorTexts): string {
  const titles: Readonly<Record<string, string>> = texts.steps
  const width = Math.max(...Object.values(texts.steps).map(displayWidth)) + 2
  const title = titles[name] ?? name
  const lines: string[] = []
  const line = (mark: string, text: string): void => {
    const head = lines.length === 0 ? title : ''
    lines.push(`${mark} ${head}${' '.repeat(width - displayWidth(head))}${harmless(text)}`)
  }
  const below = (text: string): void => {
    lines.push(`${' '.repeat(displayWidth(texts.marks.ok) + 1 + width)}  ${harmless(text)}`)
  }
  for (const { finding, problem } of mended) {
    const { text } = wordsOf(name, finding, texts)
    if (problem === undefined) line(texts.marks.mended, fill(texts.mended, { text }))
    else line(texts.marks.failure, fill(texts.notMended, { text, problem }))
  }
  for (const finding of findings) {
    const { text, remedy, command } = wordsOf(name, finding, texts)
    line(texts.marks[finding.grade], text)
    if (finding.grade === 'ok') continue
    if (remedy !== undefined && remedy !== '') below(fill(texts.remedy, { remedy }))
    if (command !== undefined) below(fill(texts.run, { command }))
  }
  return lines.map((one) => `${one.trimEnd()}\n`).join('')
}

/** The last line: how many of each there are. */
export function verdictLine(results: readonly StepResult[], texts: DoctorTexts): string {
  const counts: Record<Grade, number> = { ok: 0, note: 0, warning: 0, failure: 0 }
  for (const { findings } of results) for (const { grade } of findings) counts[grade] += 1
  return `${fill(texts.verdict[gravest(results.flatMap(({ findings }) => findings))], counts)}\n`
}

/** The same for programs. */
export function resultJson(
  results: readonly StepResult[],
  { host, now, exitStatus }: { host: string; now: Date; exitStatus: number },
  texts: DoctorTexts,
): string {
  const steps = results.map(({ name, ms, findings, mended }) => ({
    step: name,
    ms,
    grade: gravest(findings),
    findings: findings.map((finding) => ({
      grade: finding.grade,
      what: finding.what,
      ...wordsOf(name, finding, texts),
      values: finding.values ?? {},
      canMend: finding.mend !== undefined,
    })),
    mended: mended.map(({ finding, problem }) => ({
      what: finding.what,
      text: wordsOf(name, finding, texts).text,
      ...(problem !== undefined && { problem }),
    })),
  }))
  const grade = gravest(results.flatMap(({ findings }) => findings))
  const head = { version: 1, host, time: now.toISOString(), grade, exitStatus }
  return `${JSON.stringify({ ...head, steps })}\n`
}

import { Command } from 'commander'
import { join } from 'node:path'
import type { AlertFilter } from '../../view/alert-filter.ts'
import { layoutUnder } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import { explainProblem } from '../monitor/explain-problem.ts'
import type { ValueRule } from '../monitor/option-table.ts'
import { optionValue } from '../option-value.ts'
import { ParameterError } from '../parameter-error.ts'
import { fill, type Texts } from '../texts.ts'
import { parseSince } from '../view/parse-since.ts'
import { showAlerts } from '../view/show-alerts.ts'
import type { ViewTexts } from '../view/view-texts.ts'

/** The options of `alerts` as they were given. */
type Given = {
  follow?: true
  json?: true
  all?: true
  last?: string
  since?: string
  id?: string
  event?: string
  level?: string
  text?: string
}

const number = { rule: 'integer', min: 1, max: 1_000_000 } as const satisfies ValueRule
const event = { rule: 'integer', min: 0, max: 999 } as const satisfies ValueRule
const text = { rule: 'text' } as const satisfies ValueRule
const levels = ['info', 'warn', 'error'] as const

/** So many are shown where nothing is said. */
const usualLast = 50

/** The subcommand `alerts` of `clp_fsmon`; `end` is told its exit status. */
export function alertsCommand(
  texts: Texts,
  words: ViewTexts,
  io: Io,
  end: (status: number) => void,
  follow: () => AbortSignal = () => new AbortController().signal,
): Command {
  const about = words.alerts
  return new Command('alerts')
    .description(about.about)
    .option('-f, --follow', about.follow)
    .option('--last <N>', about.last)
    .option('--since <TIME>', about.since)
    .option('--id <ID>', about.id)
    .option('--event <EVENT>', about.event)
    .option('--level <LEVEL>', about.level)
    .option('--text <TEXT>', about.text)
    .option('--all', about.all)
    .option('--json', about.json)
    .action(async (given: Given) => {
      let filter: AlertFilter
      let last: number | undefined
      try {
        filter = filterOf(given, words)
        last =
          given.last === undefined ? undefined : Number(optionValue('--last', given.last, number))
      } catch (error) {
        if (!(error instanceof ParameterError) && !(error instanceof SinceError)) throw error
        const problem = error instanceof SinceError ? error.message : explainProblem(error, texts)
        io.err(`clp_fsmon: ${problem}\n`)
        end(2)
        return
      }
      if (given.since === undefined) last ??= usualLast
      const path = join(layoutUnder(io.env.CLP_FSMON_ROOT ?? '/').log, 'alert.log')
      const signal = given.follow === true ? follow() : undefined
      end(
        await showAlerts({
          path,
          filter,
          last,
          json: given.json === true,
          follow: signal,
          words,
          io,
        }),
      )
    })
}

/** A time that is none. */
class SinceError extends Error {}

function filterOf(given: Given, words: ViewTexts): AlertFilter {
  const filter: AlertFilter = { logLines: given.all === true }
  if (given.since !== undefined) {
    const since = parseSince(given.since, new Date())
    if (since === undefined) {
      const values = { option: '--since', value: given.since }
      throw new SinceError(fill(words.alerts.badSince, values))
    }
    filter.since = since
  }
  if (given.id !== undefined) filter.monitor = String(optionValue('--id', given.id, text))
  if (given.event !== undefined) filter.id = Number(optionValue('--event', given.event, event))
  if (given.level !== undefined) {
    const level = optionValue('--level', given.level, { rule: 'choice', of: levels })
    filter.level = levels.find((each) => each === level) ?? 'info'
  }
  if (given.text !== undefined) filter.text = String(optionValue('--text', given.text, text))
  return filter
}

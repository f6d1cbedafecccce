import { keyOf, optionsWithDefaults } from '../settings/option-kinds.ts'
import type { ConfigTexts } from '../settings/config-texts.ts'
import type { Settings } from '../settings/settings.ts'
import type { CommandName } from '../monitor/option-table.ts'
import { fill } from '../texts.ts'

/** All settings in force, each with where it comes from; nothing that may be a secret. */
export function settingsText(settings: Settings, texts: ConfigTexts): string {
  const words = texts.command
  return [
    `\n${fill(words.heading, { file: settings.file })}\n`,
    ...(['clp_sambamon', 'clp_nfsmon'] as const).map((name) => options(name, settings, texts)),
    section('license', [['shared', settings.shared ?? words.none]]),
    ...sinks(settings, texts),
    ...repair(settings),
  ].join('\n')
}

type Row = [key: string, value: string, from?: string]

function section(heading: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([key]) => key.length))
  const lines = rows.map(([key, value, from]) => {
    const origin = from === undefined ? '' : `  (${from})`
    return `  ${key.padEnd(width)}  ${value}${origin}\n`
  })
  return `${heading}\n${lines.join('')}`
}

function options(command: CommandName, { defaults }: Settings, texts: ConfigTexts): string {
  const { line: lineWords, byDefault, none } = texts.command
  const rows = optionsWithDefaults(command).map((spec): Row => {
    const given = defaults[command][spec.name]
    return given === undefined
      ? [keyOf(spec), spec.byDefault ?? none, byDefault]
      : [keyOf(spec), String(given.value), fill(lineWords, { line: given.line })]
  })
  return section(command, rows)
}

function sinks({ sinks: found }: Settings, texts: ConfigTexts): string[] {
  const { secret } = texts.command
  const places = (['stderr', 'syslog', 'clplogcmd'] as const).map((name): Row => {
    const { enabled = true, level = 'info' } = found?.[name] ?? {}
    return [name, `enabled = ${enabled}, level = ${level}`]
  })
  const log: Row = ['log', `level = ${found?.log?.level ?? 'info'}`]
  const webhooks = (found?.webhook ?? []).flatMap((each) => {
    if (each === undefined) return []
    const { name, url, enabled, timeout, queue } = each
    const { origin } = new URL(url)
    const signed =
      each['secret-file'] === undefined ? '' : `, secret-file = ${each['secret-file'].file}`
    const values = `enabled = ${enabled}, url = ${origin}/${secret}, timeout = ${timeout}, queue = ${queue}`
    return section(`sink.webhook ${name}`, [['', `${values}${signed}${filter(each)}`]])
  })
  const execs = (found?.exec ?? []).flatMap((each) => {
    if (each === undefined) return []
    const { name, command, enabled, timeout } = each
    const values = `enabled = ${enabled}, command = ${command[0] ?? ''} ${secret}, timeout = ${timeout}`
    return section(`sink.exec ${name}`, [['', `${values}${filter(each)}`]])
  })
  return [section('sink', [...places, log]), ...webhooks, ...execs]
}

/** Only where there is any; `clp_fsmon repairs` shows what the steps are. */
function repair({ repair: found }: Settings): string[] {
  if (found === undefined || found.step.length === 0) return []
  const { enabled, total, settle, wait, step } = found
  const limits = `per-hour = ${found['per-hour']}, per-day = ${found['per-day']}`
  const times = `total = ${total}, settle = ${settle}, wait = ${wait ?? total}`
  const names = step.map(({ name, use }) => name ?? use ?? '').join(' ')
  return [
    section('repair', [
      ['', `enabled = ${enabled}, ${limits}, ${times}`],
      ['steps', names],
    ]),
  ]
}

function filter(each: {
  levels: readonly string[] | undefined
  ids: readonly number[] | undefined
  modules: readonly string[] | undefined
}): string {
  return (['levels', 'ids', 'modules'] as const)
    .flatMap((name) => {
      const given = each[name]
      return given === undefined ? [] : `, ${name} = ${given.join(' ')}`
    })
    .join('')
}

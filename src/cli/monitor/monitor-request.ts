import { drillKinds, type DrillKind } from '../../registry/drill-status.ts'
import type { Depth } from '../../probe/probe.ts'
import { askedLanguage } from '../language.ts'
import { ParameterError } from '../parameter-error.ts'
import {
  controls,
  optionTable,
  stopSeconds,
  targetOption,
  type CommandName,
  type Control,
} from './option-table.ts'
import { careOf, type CareSettings } from './care-settings.ts'
import { HelpWanted, readWords } from './read-words.ts'
import { withDefaults } from './with-defaults.ts'
import type { Defaults } from '../settings/settings.ts'

/** When to check and when to give up, in the operator's units. */
export type TimingSettings = {
  intervalS: number
  retries: number
  waitS: number
  retryIntervalS: number
  startWaitS: number
}

/** What is particular to a Samba check, as typed; where the secret comes from is settled later. */
export type SambaSettings = {
  command: 'clp_sambamon'
  share: string
  address: string
  port: number
  user: string | undefined
  password: string | undefined
  domain: string | undefined
  credentialsFile: string | undefined
  encrypt: boolean
}

/** What is particular to an NFS check, as typed. */
export type NfsSettings = {
  command: 'clp_nfsmon'
  directory: string
  address: string | undefined
  nfsPort: number | undefined
  mountPort: number | undefined
  nfsVersion: 'auto' | '3' | '4' | '4.0' | '4.1' | '4.2'
  transport: 'tcp' | 'udp'
}

/** All that describes one check and its repetition. */
export type MonitorSettings = {
  timing: TimingSettings
  depth: Depth
  path: string | undefined
  care: CareSettings
  /** to find out beside the retries why the server fails */
  diagnose: boolean
} & (SambaSettings | NfsSettings)

/** How long a check may take before Nagios is to be told. */
export type Thresholds = { warningS: number | undefined; criticalS: number | undefined }

/** What the operator wants of a monitor command. */
export type MonitorRequest = {
  language: 'en' | 'ja' | undefined
  json: boolean
  /** what was not given and comes from the configuration, by the options' names */
  defaults?: Defaults
} & (
  | { want: 'help' | 'version' }
  | { want: 'watch'; id: string; settings: MonitorSettings }
  | { want: 'check'; settings: MonitorSettings; nagios?: Thresholds }
  | {
      want: 'control'
      id: string
      control: Control
      stopSeconds: number
      /** how long a pause is to last; without it there is no end, unless the monitor sets one */
      pauseSeconds?: number
      force: boolean
      drill?: DrillRequest
    }
)

/** A drill to begin, or the end of one that is under way. */
export type DrillRequest = { what: DrillKind | 'end'; seconds?: number }

type Values = Readonly<Record<string, string | number | boolean>>

/** Reads the words of a monitor command; throws a ParameterError that explains what is wrong. */
export function monitorRequest(
  command: CommandName,
  argv: readonly string[],
  defaults: Defaults = {},
): MonitorRequest {
  try {
    return understand(command, argv, defaults)
  } catch (error) {
    if (!(error instanceof HelpWanted)) throw error
    return { want: error.what, language: askedLanguage(argv), json: false }
  }
}

function understand(
  command: CommandName,
  argv: readonly string[],
  defaults: Defaults,
): MonitorRequest {
  const { id, isIdFirst, values } = readWords(argv, optionTable[command])
  const control = onlyControl(values)
  if (control !== 'drill') refuseDrillSeconds(values)
  const { all, used } = withDefaults(values, defaults)
  const shared = {
    language: choice(all, 'lang', ['en', 'ja'] as const),
    json: values.json === true,
    ...(control === undefined && Object.keys(used).length > 0 && { defaults: used }),
  }
  if (values.check === true && control === undefined) {
    refuse(values, ['force'], '--check')
    const nagios = thresholds(all)
    const settings = settingsOf(command, all)
    return { ...shared, want: 'check', settings, ...(nagios !== undefined && { nagios }) }
  }
  if (id === undefined) throw new ParameterError(13, 'missing-id', { command })
  if (!isIdFirst) throw new ParameterError(13, 'id-not-first', { value: argv[0] ?? '' })
  if (!/^[0-9A-Za-z]{1,255}$/.test(id))
    throw new ParameterError(11, 'bad-id', { value: shorten(id) })
  if (control === undefined) {
    refuse(values, ['json', 'force', 'nagios', 'warning', 'critical'], command)
    return { ...shared, want: 'watch', id, settings: settingsOf(command, all) }
  }
  refuseWithControl(command, values, control)
  const drill = drillOf(values)
  const seconds = number(values, 'stop') ?? stopSeconds.byDefault
  const pauseFor = number(values, 'pause')
  return {
    ...shared,
    want: 'control',
    id,
    control,
    stopSeconds: seconds,
    ...(pauseFor !== undefined && { pauseSeconds: pauseFor }),
    force: values.force === true,
    ...(drill && { drill }),
  }
}

function thresholds(values: Values): Thresholds | undefined {
  if (values.nagios !== true) {
    for (const name of ['warning', 'critical']) {
      if (values[name] === undefined) continue
      throw new ParameterError(11, 'needs-with', { option: `--${name}`, other: '--nagios' })
    }
    return undefined
  }
  refuse(values, ['json'], '--nagios')
  const warningS = number(values, 'warning')
  const criticalS = number(values, 'critical')
  if (warningS !== undefined && criticalS !== undefined && warningS > criticalS) {
    const value = String(warningS)
    throw new ParameterError(11, 'above-other', {
      option: '--warning',
      value,
      other: '--critical',
    })
  }
  return { warningS, criticalS }
}

function onlyControl(values: Values): Control | undefined {
  const [control, other] = [...controls, 'drill' as const].filter(
    (word) => values[word] !== undefined,
  )
  if (control !== undefined && other !== undefined) {
    throw new ParameterError(11, 'not-together', { option: flagOf(control), other: flagOf(other) })
  }
  return control
}

function flagOf(control: Control): string {
  return control === 'drill' ? '--drill' : `-${control}`
}

function drillOf(values: Values): DrillRequest | undefined {
  const what = choice(values, 'drill', [...drillKinds, 'end'] as const)
  if (what === undefined) return undefined
  const seconds = number(values, 'drillSeconds')
  if (what === 'end' && seconds !== undefined) {
    const option = '--drill-seconds'
    throw new ParameterError(11, 'not-together', { option, other: '--drill end' })
  }
  return { what, ...(seconds !== undefined && { seconds }) }
}

function refuseDrillSeconds(values: Values): void {
  if (values.drillSeconds === undefined) return
  throw new ParameterError(11, 'needs-with', { option: '--drill-seconds', other: '--drill' })
}

function refuseWithControl(command: CommandName, values: Values, control: Control): void {
  const fits = new Set<string>([
    'lang',
    ...(control === 'stop' ? ['force'] : []),
    ...(control === 'disp' ? ['json'] : []),
    ...(control === 'drill' ? ['drill', 'drillSeconds'] : []),
  ])
  for (const { name, flag } of optionTable[command]) {
    if (values[name] !== undefined && !fits.has(name)) {
      throw new ParameterError(11, 'not-together', { option: flag, other: flagOf(control) })
    }
  }
}

function refuse(values: Values, names: readonly string[], other: string): void {
  const found = names.find((name) => values[name] !== undefined)
  if (found !== undefined)
    throw new ParameterError(11, 'not-together', { option: `--${found}`, other })
}

/** The settings that these options come to; throws a ParameterError where they do not go together. */
export function settingsOf(command: CommandName, values: Values): MonitorSettings {
  const target = text(values, targetOption[command])
  if (target === undefined) {
    const flag = command === 'clp_sambamon' ? '-s' : '-d'
    throw new ParameterError(12, 'missing-target', { option: flag, command })
  }
  const intervalS = number(values, 'interval') ?? 30
  const timing = {
    intervalS,
    retries: number(values, 'retries') ?? 5,
    waitS: number(values, 'wait') ?? 60,
    retryIntervalS: number(values, 'retryInterval') ?? intervalS,
    startWaitS: number(values, 'startWait') ?? 0,
  }
  const depth = choice(values, 'depth', ['service', 'share', 'read', 'write'] as const) ?? 'share'
  const path = text(values, 'path')
  if (path !== undefined && depth !== 'read' && depth !== 'write') {
    throw new ParameterError(11, 'needs-with', { option: '--path', other: '--depth read' })
  }
  const diagnose = text(values, 'diagnose') === 'on'
  const shared = { timing, depth, path, care: careOf(values), diagnose }
  return command === 'clp_sambamon'
    ? { ...shared, ...sambaSettings(target, values) }
    : { ...shared, ...nfsSettings(target, values) }
}

function sambaSettings(share: string, values: Values): SambaSettings {
  const user = text(values, 'user')
  const credentialsFile = text(values, 'credentials')
  if (user !== undefined && credentialsFile !== undefined) {
    throw new ParameterError(11, 'not-together', { option: '--credentials', other: '-u' })
  }
  const password = text(values, 'password')
  if (password !== undefined && user === undefined) {
    throw new ParameterError(11, 'needs-with', { option: '-p', other: '-u' })
  }
  return {
    command: 'clp_sambamon',
    share,
    address: text(values, 'address') ?? '127.0.0.1',
    port: number(values, 'port') ?? 445,
    user,
    password,
    domain: text(values, 'domain'),
    credentialsFile,
    encrypt: values.encrypt === true,
  }
}

function nfsSettings(directory: string, values: Values): NfsSettings {
  if (!directory.startsWith('/')) {
    throw new ParameterError(11, 'not-absolute', { option: '-d', value: directory })
  }
  const versions = ['auto', '3', '4', '4.0', '4.1', '4.2'] as const
  return {
    command: 'clp_nfsmon',
    directory,
    address: text(values, 'address'),
    nfsPort: number(values, 'nfsPort'),
    mountPort: number(values, 'mountPort'),
    nfsVersion: choice(values, 'nfsVersion', versions) ?? 'auto',
    transport: choice(values, 'transport', ['tcp', 'udp'] as const) ?? 'tcp',
  }
}

function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

function number(values: Values, name: string): number | undefined {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}

function choice<const T extends string>(
  values: Values,
  name: string,
  of: readonly T[],
): T | undefined {
  return of.find((allowed) => allowed === values[name])
}

function shorten(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word
}

import {
  checked,
  choice,
  integer,
  list,
  optional,
  tables,
  text,
  withDefault,
  type Kind,
  type ValueOf,
} from '../../config/kinds.ts'
import { table, type Keys } from '../../config/table.ts'
import { exitPolicies } from '../../watch/exit-policy.ts'
import {
  optionTable,
  targetOption,
  type CommandName,
  type OptionSpec,
} from '../monitor/option-table.ts'
import { optionKinds, optionsWithDefaults, secretKeys } from '../settings/option-kinds.ts'

/** What a list calls the two kinds of servers. */
export const commandOfKind: Readonly<Record<'samba' | 'nfs', CommandName>> = {
  samba: 'clp_sambamon',
  nfs: 'clp_nfsmon',
}

/** Options that say how a command is used, and not what is watched. */
const ofCommandLine: ReadonlySet<string> = new Set([
  'check',
  'json',
  'nagios',
  'warning',
  'critical',
  'force',
  'drill',
  'drillSeconds',
  'lang',
  'password',
])

/** The options that a watch of a list may have, its target first. */
export function optionsOfWatch(command: CommandName): readonly OptionSpec[] {
  return optionTable[command].filter(({ name }) => !ofCommandLine.has(name))
}

const samba = optionsOfWatch('clp_sambamon')
const nfs = optionsOfWatch('clp_nfsmon')

const identifier = (): Kind<string> =>
  text({ maxBytes: 255, form: { pattern: /^[0-9A-Za-z]+$/, allowed: '0-9 A-Z a-z' } })

const group = (): Kind<string> =>
  text({ maxBytes: 64, form: { pattern: /^[\w.-]+$/, allowed: '0-9 A-Z a-z _ . -' } })

/** One `[[watch]]`: which options it may have depends on its kind, so both kinds' are read, and only its own let through. */
function watchKind(): Kind<WatchTable> {
  const head = { id: identifier(), group: withDefault(group(), '') }
  const kinds = {
    samba: table({ ...head, kind: choice(['samba']), ...optionKinds(samba) }, secretKeys),
    nfs: table({ ...head, kind: choice(['nfs']), ...optionKinds(nfs) }, secretKeys),
  }
  const either = table(
    { ...head, kind: choice(['samba', 'nfs']), ...optionKinds([...samba, ...nfs]) },
    secretKeys,
  )
  const read: Kind<WatchTable>['read'] = (value, spot) => {
    const kind = kindIn(value)
    // Without a kind there is no telling which options are meant, so it is all that is said.
    const found = (kind === undefined ? either : kinds[kind]).read(value, spot)
    if (found === undefined || kind === undefined) return undefined
    const { id, group: of, kind: _, ...written } = found
    const options: Readonly<Record<string, unknown>> = written
    const target = targetOption[commandOfKind[kind]]
    if (options[target] === undefined) spot.at(target).report('missing')
    return { kind, id, group: of, options, spot }
  }
  return { read, absent: () => undefined }
}

function kindIn(value: unknown): 'samba' | 'nfs' | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
  const { kind } = value
  return kind === 'samba' || kind === 'nfs' ? kind : undefined
}

/** One watch as it is written, and where. */
export type WatchTable = {
  kind: 'samba' | 'nfs'
  id: string | undefined
  group: string | undefined
  /** by their keys */
  options: Readonly<Record<string, unknown>>
  spot: Parameters<Kind<unknown>['read']>[1]
}

function defaultsKind() {
  const common = optionsWithDefaults('clp_sambamon').filter(({ name }) =>
    optionsWithDefaults('clp_nfsmon').some((other) => other.name === name),
  )
  const keys = (command: CommandName): Keys =>
    optionKinds(optionsWithDefaults(command).filter(({ name }) => !ofCommandLine.has(name)))
  return table(
    {
      ...optionKinds(common.filter(({ name }) => !ofCommandLine.has(name))),
      samba: table(keys('clp_sambamon'), secretKeys),
      nfs: table(keys('clp_nfsmon'), secretKeys),
    },
    secretKeys,
  )
}

/** What a file that is included may hold. */
export function includedKind() {
  return table({ defaults: defaultsKind(), watch: tables(watchKind()) })
}

/** What the list itself may hold. */
export function fleetKind() {
  return table({
    'exit-on': withDefault(choice(exitPolicies), 'any'),
    include: optional(list(checked(text(), aName))),
    limits: table({
      'in-flight': withDefault(integer({ min: 1, max: 10_000 }), 64),
      'per-address': withDefault(integer({ min: 1, max: 10_000 }), 8),
    }),
    defaults: defaultsKind(),
    watch: tables(watchKind()),
  })
}

/** What such a file says. */
export type FleetFile = ValueOf<ReturnType<typeof fleetKind>>
export type IncludedFile = ValueOf<ReturnType<typeof includedKind>>

function aName(value: string, spot: Parameters<Kind<unknown>['read']>[1]): void {
  const name = value.slice(value.lastIndexOf('/') + 1)
  if (name === '' || value.slice(0, -name.length).includes('*')) {
    spot.report('bad-form', { allowed: 'FILE, DIR/FILE, DIR/*.toml' })
  }
}

import type { Protocol } from '../../../inventory/item.ts'
import type { Login } from '../../monitor/credentials-file.ts'
import { settingsOf } from '../../monitor/monitor-request.ts'
import { pauseLimitsOf } from '../../monitor/care-settings.ts'
import type { ValueRule } from '../../monitor/option-table.ts'
import { settleLogin } from '../../monitor/settle-login.ts'
import { withDefaults } from '../../monitor/with-defaults.ts'
import { optionValue } from '../../option-value.ts'
import { ParameterError } from '../../parameter-error.ts'
import type { Defaults } from '../../settings/settings.ts'
import type { PauseLimits } from '../../../watch/pause-lease.ts'
import type { Io } from '../../io.ts'

/** The options of `clp_fsmon inventory` as they are written. */
export type InventoryOptions = {
  address?: string
  smb?: true
  nfs?: true
  all?: true
  json?: true
  toml?: true
  watch?: true
  interval?: string
  wait?: string
  user?: string
  password?: string
  domain?: string
  credentials?: string
  encrypt?: true
  port?: string
  nfsPort?: string
  mountPort?: string
  nfsVersion?: string
}

/** What is to be asked, of whom, as whom, and what for. */
export type InventorySettings = {
  address: string | undefined
  protocols: readonly Protocol[]
  /** the kinds that were named, and have to be served */
  demanded: readonly ('smb' | 'nfs')[]
  all: boolean
  form: 'text' | 'json' | 'toml'
  intervalS: number
  waitS: number
  login: Login | undefined
  /** as given, for lists that are made of this */
  credentialsFile: string | undefined
  encrypt: boolean
  /** ports that were given; others are the usual ones, or those of the watches */
  port: number | undefined
  nfsPort: number | undefined
  mountPort: number | undefined
  pauseLimits: PauseLimits
}

const text = { rule: 'text' } as const satisfies ValueRule
const port = { rule: 'integer', min: 1, max: 65_535 } as const satisfies ValueRule
const rules = {
  address: ['-a', text],
  user: ['-u', text],
  password: ['-p', text],
  domain: ['--domain', text],
  credentials: ['--credentials', text],
  interval: ['-i', { rule: 'integer', min: 1, max: 86_400 }],
  wait: ['-r', { rule: 'integer', min: 1, max: 10_000 }],
  port: ['--port', port],
  nfsPort: ['-n', port],
  mountPort: ['--mount-port', port],
  nfsVersion: ['--nfs-version', { rule: 'choice', of: ['auto', '3', '4'] }],
} as const satisfies Partial<Record<keyof InventoryOptions, readonly [string, ValueRule]>>

/** What a question may take, and how long it is from one to the next, unless told otherwise. */
const usual = { waitS: 30, intervalS: 300 } as const

/** Of the defaults of Samba's monitors those that count here: how to log in, and how long to pause. */
export const countingDefaults: readonly string[] = [
  'user',
  'domain',
  'credentials',
  'encrypt',
  'port',
  'longestPause',
  'pauseExtensions',
]

/** Reads the options; throws a ParameterError that explains what is wrong. */
export function inventorySettings(
  options: InventoryOptions,
  defaults: Defaults,
  { env, uid }: Pick<Io, 'env' | 'uid'>,
): InventorySettings {
  const values: Record<string, string | number | boolean> = {}
  for (const [name, [flag, rule]] of Object.entries(rules)) {
    const given = Object.entries(options).find(([option]) => option === name)?.[1]
    if (typeof given === 'string') values[name] = optionValue(flag, given, rule)
  }
  refuseTogether(options)
  const { smb, nfs, encrypt } = options
  const own = Object.fromEntries(countingDefaults.flatMap((name) => pick(defaults, name)))
  const given = Object.fromEntries(
    Object.entries(values).filter(([name]) => name !== 'interval' && name !== 'wait'),
  )
  const { all: whole } = withDefaults({ ...given, ...(encrypt && { encrypt }) }, own)
  const samba = settingsOf('clp_sambamon', { ...whole, share: 'IPC$' })
  if (samba.command !== 'clp_sambamon') throw new Error('not of Samba')
  const demanded = [...(smb ? (['smb'] as const) : []), ...(nfs ? (['nfs'] as const) : [])]
  const wanted = demanded.length === 0 ? (['smb', 'nfs'] as const) : demanded
  return {
    address: textOf(values, 'address'),
    protocols: wanted.flatMap((kind) => protocolsOf(kind, textOf(values, 'nfsVersion'))),
    demanded,
    all: options.all === true,
    form: options.json ? 'json' : options.toml ? 'toml' : 'text',
    intervalS: numberOf(values, 'interval') ?? usual.intervalS,
    waitS: numberOf(values, 'wait') ?? usual.waitS,
    login: wanted.includes('smb') ? settleLogin(samba, env, uid) : undefined,
    credentialsFile: samba.credentialsFile,
    encrypt: samba.encrypt,
    port: numberOf(whole, 'port'),
    nfsPort: numberOf(values, 'nfsPort'),
    mountPort: numberOf(values, 'mountPort'),
    pauseLimits: pauseLimitsOf(samba.care),
  }
}

function refuseTogether({ watch, json, toml, interval }: InventoryOptions): void {
  if (json && toml) refuse('--json', '--toml')
  if (watch && json) refuse('--watch', '--json')
  if (watch && toml) refuse('--watch', '--toml')
  if (interval !== undefined && !watch) {
    throw new ParameterError(11, 'needs-with', { option: '-i', other: '--watch' })
  }
}

function refuse(option: string, other: string): never {
  throw new ParameterError(11, 'not-together', { option, other })
}

function protocolsOf(kind: 'smb' | 'nfs', version: string | undefined): Protocol[] {
  if (kind === 'smb') return ['smb']
  return version === '3' ? ['nfs3'] : version === '4' ? ['nfs4'] : ['nfs3', 'nfs4']
}

function pick(defaults: Defaults, name: string): [string, Defaults[string]][] {
  const found = defaults[name]
  return found === undefined ? [] : [[name, found]]
}

function textOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

function numberOf(values: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}

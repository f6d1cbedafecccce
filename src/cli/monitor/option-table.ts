import { drillKinds } from '../../registry/drill-status.ts'
import { depths } from '../../probe/probe.ts'
import { longestSeconds } from '../../registry/control-message.ts'

/** What an option's value must be; where it may be `off`, that is 0. */
export type ValueRule =
  | { rule: 'text' }
  | { rule: 'integer'; min: number; max: number; orOff?: true }
  /** a number that may have a fraction */
  | { rule: 'decimal'; min: number; max: number }
  | { rule: 'choice'; of: readonly string[] }
  /** bytes, also with K, M, G or T for powers of 1024, or a share of the whole with % */
  | { rule: 'amount' }
  | { rule: 'flag' }

/** One option of a monitor command; `name` is how texts and settings call it. */
export type OptionSpec = ValueRule & {
  name: string
  /** as typed, the manual's form first */
  flag: string
  placeholder?: string
  byDefault?: string
}

/** The two commands. */
export type CommandName = 'clp_sambamon' | 'clp_nfsmon'

const seconds = { rule: 'integer', min: 1, max: 10000, placeholder: 'SECONDS' } as const
const threshold = { ...seconds, rule: 'decimal', min: 0.001 } as const
const port = { rule: 'integer', min: 1, max: 65535, placeholder: 'PORT' } as const

const pause = {
  rule: 'integer',
  min: 1,
  max: longestSeconds,
  placeholder: 'SECONDS',
} as const

const timing: readonly OptionSpec[] = [
  { name: 'interval', flag: '-i', ...seconds, byDefault: '30' },
  { name: 'retries', flag: '-c', ...seconds, placeholder: 'RETRIES', byDefault: '5' },
  { name: 'wait', flag: '-r', ...seconds, byDefault: '60' },
  { name: 'retryInterval', flag: '--retry-interval', ...seconds },
  { name: 'startWait', flag: '--start-wait', ...seconds, min: 0, byDefault: '0' },
]

const deeper: readonly OptionSpec[] = [
  {
    name: 'depth',
    flag: '--depth',
    rule: 'choice',
    of: depths,
    placeholder: 'DEPTH',
    byDefault: 'share',
  },
  { name: 'path', flag: '--path', rule: 'text', placeholder: 'FILE' },
]

const care: readonly OptionSpec[] = [
  {
    name: 'warnAt',
    flag: '--warn-at',
    rule: 'integer',
    min: 0,
    max: 100,
    orOff: true,
    placeholder: 'PERCENT',
    byDefault: '80',
  },
  { name: 'trend', flag: '--trend', rule: 'flag' },
  { name: 'spaceLimit', flag: '--space-limit', rule: 'amount', placeholder: 'AMOUNT' },
  { name: 'memoryLimit', flag: '--memory-limit', rule: 'amount', placeholder: 'AMOUNT' },
  {
    name: 'pressureLimit',
    flag: '--pressure-limit',
    rule: 'integer',
    min: 1,
    max: 100,
    placeholder: 'PERCENT',
  },
  {
    name: 'trendSamples',
    flag: '--trend-samples',
    rule: 'integer',
    min: 10,
    max: 1000,
    placeholder: 'COUNT',
    byDefault: '20',
  },
  {
    name: 'trendAhead',
    flag: '--trend-ahead',
    rule: 'integer',
    min: 1,
    max: 86_400,
    placeholder: 'SECONDS',
    byDefault: '60',
  },
  {
    name: 'progress',
    flag: '--progress',
    rule: 'decimal',
    min: 0.1,
    max: 1,
    placeholder: 'WEIGHT',
    byDefault: '1',
  },
  { name: 'longestPause', flag: '--longest-pause', ...pause },
  {
    name: 'pauseExtensions',
    flag: '--pause-extensions',
    rule: 'integer',
    min: 0,
    max: 1000,
    placeholder: 'TIMES',
    byDefault: '3',
  },
  {
    name: 'diagnose',
    flag: '--diagnose',
    rule: 'choice',
    of: ['on', 'off'],
    placeholder: 'WHETHER',
    byDefault: 'off',
  },
]

const onIdentity: OptionSpec = {
  name: 'onIdentity',
  flag: '--on-identity',
  rule: 'choice',
  of: ['fault', 'warn'],
  placeholder: 'POLICY',
  byDefault: 'fault',
}

const address: OptionSpec = { name: 'address', flag: '-a', rule: 'text', placeholder: 'ADDRESS' }

const ways: readonly OptionSpec[] = [
  { name: 'check', flag: '--check', rule: 'flag' },
  { name: 'json', flag: '--json', rule: 'flag' },
  { name: 'nagios', flag: '--nagios', rule: 'flag' },
  { name: 'warning', flag: '--warning', ...threshold },
  { name: 'critical', flag: '--critical', ...threshold },
  {
    name: 'drill',
    flag: '--drill',
    rule: 'choice',
    of: [...drillKinds, 'end'],
    placeholder: 'KIND',
  },
  { name: 'drillSeconds', flag: '--drill-seconds', ...seconds },
  { name: 'lang', flag: '--lang', rule: 'choice', of: ['en', 'ja'], placeholder: 'LANG' },
  { name: 'force', flag: '--force', rule: 'flag' },
]

/** The manual's control words, which take the place of watching. */
export const controls = ['stop', 'pause', 'continue', 'disp', 'del'] as const
export type Control = (typeof controls)[number] | 'drill'

/** How long `-stop` may wait, and what it waits when nothing is said. */
export const stopSeconds = { min: 1, max: 10000, byDefault: 60 } as const

/** How long `-pause` may last. */
export const pauseSeconds = pause

/** Every option of each command, in the order in which help shows them. */
export const optionTable: Readonly<Record<CommandName, readonly OptionSpec[]>> = {
  clp_sambamon: [
    { name: 'share', flag: '-s', rule: 'text', placeholder: 'SHARE' },
    { ...address, byDefault: '127.0.0.1' },
    { name: 'user', flag: '-u', rule: 'text', placeholder: 'USER' },
    { name: 'password', flag: '-p', rule: 'text', placeholder: 'PASSWORD' },
    ...timing,
    { name: 'domain', flag: '--domain', rule: 'text', placeholder: 'DOMAIN' },
    { name: 'credentials', flag: '--credentials', rule: 'text', placeholder: 'FILE' },
    { name: 'encrypt', flag: '--encrypt', rule: 'flag' },
    { name: 'port', flag: '--port', ...port, byDefault: '445' },
    ...deeper,
    ...care,
    onIdentity,
    ...ways,
  ],
  clp_nfsmon: [
    { name: 'directory', flag: '-d', rule: 'text', placeholder: 'DIRECTORY' },
    address,
    { name: 'nfsPort', flag: '-n', ...port },
    ...timing,
    {
      name: 'nfsVersion',
      flag: '--nfs-version',
      rule: 'choice',
      of: ['auto', '3', '4', '4.0', '4.1', '4.2'],
      placeholder: 'VERSION',
      byDefault: 'auto',
    },
    { name: 'mountPort', flag: '--mount-port', ...port },
    {
      name: 'transport',
      flag: '--transport',
      rule: 'choice',
      of: ['tcp', 'udp'],
      placeholder: 'TRANSPORT',
      byDefault: 'tcp',
    },
    ...deeper,
    ...care,
    ...ways,
  ],
}

/** What a command watches: the option that names it, and its alert for a missing one is 12. */
export const targetOption: Readonly<Record<CommandName, 'share' | 'directory'>> = {
  clp_sambamon: 'share',
  clp_nfsmon: 'directory',
}

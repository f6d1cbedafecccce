import type { ValueRule } from '../monitor/option-table.ts'

/** One option of a template: the setting it fills in, and what it may be. */
export type TemplateOption = {
  name:
    | 'share'
    | 'directory'
    | 'id'
    | 'address'
    | 'port'
    | 'credentials'
    | 'interval'
    | 'retries'
    | 'wait'
    | 'stopWait'
    | 'service'
  flag: string
  setting: string
  rule: ValueRule | { rule: 'identifier' }
  required?: true
}

const text = { rule: 'text' } as const
const count = { rule: 'integer', min: 1, max: 10000 } as const
const port = { rule: 'integer', min: 1, max: 65535 } as const

const service: readonly TemplateOption[] = [
  { name: 'service', flag: '--service', setting: 'SERVICE', rule: text },
]

const common: readonly TemplateOption[] = [
  { name: 'id', flag: '--id', setting: 'MONITOR_ID', rule: { rule: 'identifier' } },
  { name: 'address', flag: '--address', setting: 'ADDRESS', rule: text },
  { name: 'interval', flag: '--interval', setting: 'INTERVAL', rule: count },
  { name: 'retries', flag: '--retries', setting: 'RETRIES', rule: count },
  { name: 'wait', flag: '--wait', setting: 'WAIT', rule: count },
  { name: 'stopWait', flag: '--stop-wait', setting: 'STOP_WAIT', rule: count },
]

/** The templates, and which of their settings can be given. */
export const templateSettings = {
  samba: service,
  'samba-mon': [
    { name: 'share', flag: '--share', setting: 'SHARE', rule: text, required: true },
    ...common,
    { name: 'credentials', flag: '--credentials', setting: 'CREDENTIALS', rule: text },
  ],
  nfs: service,
  'nfs-mon': [
    { name: 'directory', flag: '--directory', setting: 'DIRECTORY', rule: text, required: true },
    ...common,
    { name: 'port', flag: '--port', setting: 'PORT', rule: port },
  ],
} as const satisfies Readonly<Record<string, readonly TemplateOption[]>>

/** The name of a template. */
export type TemplateKind = keyof typeof templateSettings

/** Whether a word names a template. */
export function isTemplateKind(word: string): word is TemplateKind {
  return Object.hasOwn(templateSettings, word)
}

/** Fills in the settings that a script has: each value in single quotes, whatever it holds. */
export function fillInSettings(script: string, values: Readonly<Record<string, string>>): string {
  return script.replace(/^([A-Z_]+)='[^'\n]*'$/gm, (line, setting: string) => {
    const value = Object.hasOwn(values, setting) ? values[setting] : undefined
    return value === undefined ? line : `${setting}='${value.replaceAll("'", String.raw`'\''`)}'`
  })
}

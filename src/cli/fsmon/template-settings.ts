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
    | 'list'
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

const monitor: readonly TemplateOption[] = [
  { name: 'id', flag: '--id', setting: 'MONITOR_ID', rule: { rule: 'identifier' } },
  { name: 'address', flag: '--address', setting: 'ADDRESS', rule: text },
  { name: 'interval', flag: '--interval', setting: 'INTERVAL', rule: count },
  { name: 'retries', flag: '--retries', setting: 'RETRIES', rule: count },
  { name: 'wait', flag: '--wait', setting: 'WAIT', rule: count },
]

const ofSamba: readonly TemplateOption[] = [
  { name: 'share', flag: '--share', setting: 'SHARE', rule: text, required: true },
  ...monitor,
  { name: 'credentials', flag: '--credentials', setting: 'CREDENTIALS', rule: text },
]

const ofNfs: readonly TemplateOption[] = [
  { name: 'directory', flag: '--directory', setting: 'DIRECTORY', rule: text, required: true },
  ...monitor,
  { name: 'port', flag: '--port', setting: 'PORT', rule: port },
]

const stopping: readonly TemplateOption[] = [
  { name: 'stopWait', flag: '--stop-wait', setting: 'STOP_WAIT', rule: count },
]

/** The templates, and which of their settings can be given. */
export const templateSettings = {
  samba: service,
  'samba-mon': [...ofSamba, ...stopping],
  nfs: service,
  'nfs-mon': [...ofNfs, ...stopping],
  'pacemaker-samba': ofSamba,
  'pacemaker-nfs': ofNfs,
  'pacemaker-run': [
    ...monitor.filter(({ name }) => name === 'id'),
    { name: 'list', flag: '--list', setting: 'LIST', rule: text, required: true },
  ],
  'systemd-samba': ofSamba,
  'systemd-nfs': ofNfs,
  run: [],
  keepalived: monitor.filter(({ name }) => name === 'id'),
} as const satisfies Readonly<Record<string, readonly TemplateOption[]>>

/** The name of a template. */
export type TemplateKind = keyof typeof templateSettings

/** A file of a template: where it lies among the templates, and what it is called where it is written. */
export type TemplateFile = { source: string; name: string; mode: 0o644 | 0o755 }

/** The files of a template, for a monitor of that identifier. */
export function templateFiles(kind: TemplateKind, id: string | undefined): TemplateFile[] {
  switch (kind) {
    case 'samba':
    case 'samba-mon':
    case 'nfs':
    case 'nfs-mon':
      return ['start.sh', 'stop.sh'].map((name) => ({
        source: `${kind}/${name}`,
        name,
        mode: 0o755,
      }))
    case 'pacemaker-samba':
    case 'pacemaker-nfs':
    case 'pacemaker-run':
      return [{ source: 'pacemaker/resource.sh', name: 'resource.sh', mode: 0o755 }]
    case 'systemd-samba':
      return [{ source: 'systemd/samba.env', name: `${id ?? 'sambawatch'}.env`, mode: 0o644 }]
    case 'systemd-nfs':
      return [{ source: 'systemd/nfs.env', name: `${id ?? 'nfswatch'}.env`, mode: 0o644 }]
    case 'run':
      return [{ source: 'run/watches.toml', name: 'watches.toml', mode: 0o644 }]
    case 'keepalived':
      return [
        { source: 'keepalived/check.sh', name: 'check.sh', mode: 0o755 },
        { source: 'keepalived/keepalived.conf', name: 'keepalived.conf', mode: 0o644 },
      ]
  }
}

/** Whether a word names a template. */
export function isTemplateKind(word: string): word is TemplateKind {
  return Object.hasOwn(templateSettings, word)
}

/** Fills in the settings that a script has: each value in quotes, whatever it holds. */
export function fillInSettings(script: string, values: Readonly<Record<string, string>>): string {
  return script.replace(/^([A-Z_]+)='[^'\n]*'$/gm, (line, setting: string) => {
    const value = Object.hasOwn(values, setting) ? values[setting] : undefined
    return value === undefined ? line : `${setting}=${quoted(value)}`
  })
}

/** As the shell reads it, and systemd too, for whom quotes do not go on where they have ended. */
function quoted(value: string): string {
  if (!value.includes("'")) return `'${value}'`
  return `"${value.replaceAll(/["$\\`]/g, String.raw`\$&`)}"`
}

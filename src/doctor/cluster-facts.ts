import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterFacts, NeededFile } from './cluster-step.ts'

/** Where cluster managers and what they need of us are looked for. */
export type ClusterPlaces = {
  /** the root of the file system */
  root: string
  /** our configuration, with the settings of systemd's instances */
  etc: string
  /** where our templates may lie */
  templates: readonly string[]
  /** whether a program is installed */
  has: (program: string) => boolean
}

/** The resource agent of Pacemaker. */
const agent = 'usr/lib/ocf/resource.d/clp/fsmon'
const unitDirectories: readonly string[] = [
  'etc/systemd/system',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
]
const execDirectory = 'opt/nec/clusterpro/scripts'

/** Looks for cluster managers, without asking one of them anything. */
export function clusterFacts({ root, etc, templates, has }: ClusterPlaces): ClusterFacts {
  const hasPacemaker = has('pacemakerd') || existsSync(join(root, 'etc/corosync/corosync.conf'))
  return {
    pacemaker: hasPacemaker ? agentAt(join(root, agent), templates) : undefined,
    keepalived: keepalivedScripts(
      join(root, 'etc/keepalived/keepalived.conf'),
      templateIn(templates, 'keepalived/check.sh'),
    ),
    systemd: existsSync(join(root, 'run/systemd/system')) ? units(root, etc) : undefined,
    exec: existsSync(join(root, execDirectory))
      ? execScripts(join(root, execDirectory))
      : undefined,
  }
}

/** The first that is there, or where the packages put it. */
function templateIn(templates: readonly string[], name: string): string {
  const places = templates.map((directory) => join(directory, name))
  return places.find((file) => existsSync(file)) ?? `/usr/lib/clp-fsmon/templates/${name}`
}

/** The agent of another version, or something else at its place, does not do what this one is asked for. */
function agentAt(file: string, templates: readonly string[]): NeededFile {
  const source = templateIn(templates, 'pacemaker/fsmon')
  const found = program(file)
  const [is, shall] = [textOf(file), textOf(source)]
  const isOther = found.state === 'there' && shall !== undefined && is !== shall
  return { ...found, ...(isOther && { state: 'different' }), source }
}

function program(file: string): NeededFile {
  if (!existsSync(file)) return { file, state: 'missing' }
  try {
    accessSync(file, constants.X_OK)
    return { file, state: 'there' }
  } catch {
    return { file, state: 'not-executable' }
  }
}

/** The scripts that ask for our monitors: the template's name, or one that names a command of ours. */
function keepalivedScripts(conf: string, source: string): NeededFile[] | undefined {
  const text = textOf(conf)
  if (text === undefined) return undefined
  return [...text.matchAll(/^\s*script\s+"?([^"\s]+)/gm)]
    .map(([, file = '']) => file)
    .filter(
      (file) =>
        // One that is gone shows by its path alone.
        /fsmon/.test(file) || /clp_(samba|nfs|fs)mon|clp-fsmon/.test(textOf(file) ?? ''),
    )
    .map((file) => Object.assign(program(file), { source }))
}

/** The unit of every instance that has settings: `SHARE` for Samba, `DIRECTORY` for NFS. */
function units(root: string, etc: string): NeededFile[] {
  const kinds = new Set<string>()
  for (const name of namesIn(etc)) {
    if (!/^[0-9A-Za-z]+\.env$/.test(name)) continue
    const text = textOf(join(etc, name)) ?? ''
    if (/^SHARE=/m.test(text)) kinds.add('clp-sambamon@.service')
    if (/^DIRECTORY=/m.test(text)) kinds.add('clp-nfsmon@.service')
  }
  return [...kinds].map((unit) => {
    const places = unitDirectories.map((directory) => join(root, directory, unit))
    const file = places.find((place) => existsSync(place))
    return {
      file: file ?? join(root, 'usr/lib/systemd/system', unit),
      state: file === undefined ? 'missing' : 'there',
    }
  })
}

function execScripts(directory: string): NeededFile[] {
  return namesIn(directory, true)
    .filter((name) => /(^|\/)start\.sh$/.test(name))
    .map((name) => join(directory, name))
    .filter((file) => /clp_(samba|nfs|fs)mon/.test(textOf(file) ?? ''))
    .map(program)
}

function namesIn(directory: string, recursive = false): string[] {
  try {
    return readdirSync(directory, { recursive, encoding: 'utf8' }).toSorted()
  } catch {
    return []
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

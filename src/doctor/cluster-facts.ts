import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterFacts, NeededFile } from './cluster-step.ts'

/** Where cluster managers and what they need of us are looked for. */
export type ClusterPlaces = {
  /** the root of the file system */
  root: string
  /** our configuration, with the settings of systemd's instances */
  etc: string
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
export function clusterFacts({ root, etc, has }: ClusterPlaces): ClusterFacts {
  const hasPacemaker = has('pacemakerd') || existsSync(join(root, 'etc/corosync/corosync.conf'))
  return {
    pacemaker: hasPacemaker ? program(join(root, agent)) : undefined,
    keepalived: keepalivedScripts(join(root, 'etc/keepalived/keepalived.conf')),
    systemd: existsSync(join(root, 'run/systemd/system')) ? units(root, etc) : undefined,
    exec: existsSync(join(root, execDirectory))
      ? execScripts(join(root, execDirectory))
      : undefined,
  }
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
function keepalivedScripts(conf: string): NeededFile[] | undefined {
  const text = textOf(conf)
  if (text === undefined) return undefined
  return [...text.matchAll(/^\s*script\s+"?([^"\s]+)/gm)]
    .map(([, file = '']) => file)
    .filter(
      (file) =>
        /clp-?fsmon/.test(file) || /clp_(samba|nfs|fs)mon|clp-fsmon/.test(textOf(file) ?? ''),
    )
    .map(program)
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

import { accessSync, constants } from 'node:fs'

/** A step that the product brings along. */
export type BuiltInStep = {
  kind: 'samba' | 'nfs'
  /** the causes that it helps against, where nothing else is said */
  causes: readonly string[]
  limitS: number
  /** the programs of its service, where there is one */
  programs?: readonly string[]
  /** its command on this host, or why there is none */
  command: (exists: (path: string) => boolean) => readonly string[] | Absence
}

/** Why a step that the product brings along is not to be had on a host; what was looked for. */
export type Absence = {
  why: 'no-unit' | 'no-systemctl' | 'no-service' | 'no-exportfs'
  names: string
}

/** The same in words, for the log. */
export function absenceText({ why, names }: Absence): string {
  switch (why) {
    case 'no-unit':
      return `systemd knows no ${names}`
    case 'no-systemctl':
      return 'systemctl is not installed'
    case 'no-service':
      return `neither systemd nor /etc/init.d/${names}`
    case 'no-exportfs':
      return 'exportfs is not installed'
  }
}

/** Whether this is why there is no command. */
export function isAbsence(command: readonly string[] | Absence): command is Absence {
  return 'why' in command
}

const unitDirectories: readonly string[] = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

/**
 * A restart by whoever runs services here: systemd, else a script of init (SysV, OpenRC). The first
 * name that is known is taken.
 */
function restart(...names: string[]): BuiltInStep['command'] {
  return (exists) => {
    if (exists('/run/systemd/system')) {
      const unit = names
        .map((name) => `${name}.service`)
        .find((file) => unitDirectories.some((directory) => exists(`${directory}/${file}`)))
      const program = ['/usr/bin/systemctl', '/bin/systemctl'].find(exists)
      if (unit === undefined) return { why: 'no-unit', names: names.join(', ') }
      return program === undefined
        ? { why: 'no-systemctl', names: 'systemctl' }
        : [program, 'restart', unit]
    }
    const script = names.map((name) => `/etc/init.d/${name}`).find(exists)
    return script === undefined
      ? { why: 'no-service', names: names.join(', ') }
      : [script, 'restart']
  }
}

const ofService = [
  'process-missing',
  'process-stopped',
  'process-zombie',
  'oom-killed',
  'not-listening',
  'backlog-full',
  'fd-limit',
] as const

/** The steps that the product brings along, by their names. */
export const builtInSteps: Readonly<Record<string, BuiltInStep>> = {
  'restart-smbd': {
    kind: 'samba',
    causes: ofService,
    limitS: 60,
    programs: ['smbd', 'samba'],
    command: restart('smbd', 'smb', 'samba'),
  },
  'restart-winbind': {
    kind: 'samba',
    causes: ['winbind-missing'],
    limitS: 60,
    programs: ['winbindd'],
    command: restart('winbind', 'winbindd'),
  },
  'restart-ganesha': {
    kind: 'nfs',
    causes: ofService,
    limitS: 60,
    programs: ['ganesha.nfsd'],
    command: restart('nfs-ganesha', 'ganesha'),
  },
  'restart-nfs-server': {
    kind: 'nfs',
    causes: [...ofService, 'mountd-missing'],
    limitS: 60,
    programs: ['rpc.mountd'],
    command: restart('nfs-server', 'nfs-kernel-server', 'nfs'),
  },
  'restart-rpcbind': {
    kind: 'nfs',
    causes: ['rpcbind-missing'],
    limitS: 30,
    programs: ['rpcbind'],
    command: restart('rpcbind'),
  },
  'export-again': {
    kind: 'nfs',
    causes: ['export-missing'],
    limitS: 30,
    command: (exists) => {
      const program = ['/usr/sbin/exportfs', '/sbin/exportfs'].find(exists)
      return program === undefined ? { why: 'no-exportfs', names: 'exportfs' } : [program, '-ra']
    },
  },
}

/**
 * The programs of which whatever stands still has to be ended before this command: what an init script
 * tells them they would not hear. systemd has those go on that it ends.
 */
export function endsStopped(
  { programs }: Pick<BuiltInStep, 'programs'>,
  command: readonly string[] | string,
): readonly string[] | undefined {
  return typeof command !== 'string' && command[0]?.startsWith('/etc/init.d/') === true
    ? programs
    : undefined
}

/** Whether there is something of that name on this host. */
export function isOnThisHost(path: string): boolean {
  try {
    accessSync(path, constants.F_OK)
    return true
  } catch {
    return false
  }
}

import { join } from 'node:path'
import type { Configuration, Sources } from './facts.ts'
import { readNames, readText } from './read-text.ts'
import { programIn, runProgram } from './run-program.ts'

/** The sections of smb.conf, as testparm prints them: names and parameters in small letters. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/** testparm asks the name service for this host, which may take its time. */
const limitMs = 3000

/** Reads what testparm prints, or a smb.conf without includes. */
export function sambaSections(text: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let current = new Map<string, string>()
  for (const line of text.split('\n')) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]?.trim().toLowerCase()
    if (section !== undefined) {
      current = sections.get(section) ?? new Map<string, string>()
      sections.set(section, current)
      continue
    }
    const [, name, value = ''] = /^\s*([^#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined) current.set(name.toLowerCase().replaceAll(/\s+/g, ' '), value)
  }
  return sections
}

/** What Samba's configuration says of a share. */
export async function sambaConfiguration(
  { root, programs }: Sources,
  share: string | undefined,
  file: string,
): Promise<Configuration> {
  const base = { file, program: 'smbd' } as const
  const written = readText(file)
  if (written === '') return { ...base, isAbsent: true }
  const testparm = programIn(programs, 'testparm')
  let text = written
  let isWhole = !/^\s*(include|config backend|config file|copy)\s*=/im.test(written)
  if (testparm !== undefined) {
    const { status, out, err, late } = await runProgram(testparm, ['-s', file], limitMs)
    if (late) return base
    // It has an opinion on much that it loads, and that Samba runs with.
    if (/Error loading services/i.test(err)) return { ...base, invalid: harmlessLines(err) }
    if (status !== 0 && out === '') return base
    text = out
    // What is filled in at each connection leads elsewhere for whoever asks.
    isWhole = !/^\s*(include|config file)\s*=.*%/im.test(`${written}\n${out}`)
  }
  const sections = sambaSections(text)
  return {
    ...base,
    ...shareFacts(root, sections, share, isWhole),
    ...winbindFacts(root, sections, isWhole),
  }
}

/** What testparm complains of, without what it may quote of a line that it does not understand. */
function harmlessLines(err: string): string[] {
  const lines = err
    .split('\n')
    .map((line) => line.trim().replace(/(badly formed line|invalid value).*/i, '$1 …'))
    .filter((line) => line !== '' && !/^(Load smb config|Weak crypto|Server role)/.test(line))
  return lines.slice(0, 3)
}

function shareFacts(
  root: string,
  sections: Sections,
  share: string | undefined,
  isWhole: boolean,
): Partial<Configuration> {
  if (share === undefined) return {}
  const name = share.toLowerCase()
  const section = sections.get(name)
  if (section === undefined)
    return mayComeFromElsewhere(root, sections, name) || !isWhole ? {} : { hasResource: false }
  const path = section.get('path') ?? section.get('directory')
  const says = (parameter: string): boolean | undefined => {
    const value = section.get(parameter)
    return value === undefined ? undefined : /^(yes|true|1)$/i.test(value)
  }
  const readOnly = says('read only')
  const isWritable =
    readOnly === undefined
      ? (says('writeable') ?? says('writable') ?? says('write ok') ?? false)
      : !readOnly
  return {
    hasResource: true,
    isWritable,
    ...(path?.startsWith('/') === true && isHereAlready(path, section, sections) && { path }),
  }
}

/** Modules with which a share's path is one of this host's, as far as Samba brings them along. */
const localModules: ReadonlySet<string> = new Set(
  `acl_tdb acl_xattr aio_fork aio_pthread aio_ratelimit audit btrfs cap catia commit crossrename
  default_quota dfs_samba4 dirsort expand_msdfs extd_audit fake_perms fileid fruit full_audit
  glusterfs_fuse gpfs io_uring linux_xfs_sgid media_harmony nfs4acl_xattr offline posix_eadb preopen
  readahead readonly recycle shadow_copy shadow_copy2 shell_snap snapper streams_depot streams_xattr
  syncops time_audit unityed_media virusfilter vxfs widelinks worm xattr_tdb zfsacl`.split(/\s+/),
)

/**
 * Whether a share's path can be looked at from here: not what is filled in at each connection, made by
 * a command before it, kept elsewhere by a module, or never used.
 */
function isHereAlready(
  path: string,
  section: ReadonlyMap<string, string>,
  sections: Sections,
): boolean {
  const of = (name: string): string => section.get(name) ?? sections.get('global')?.get(name) ?? ''
  const commands = ['root preexec', 'preexec', 'exec', 'msdfs proxy'].map(of)
  const modules = of('vfs objects') || of('vfs object')
  return (
    !path.includes('%') &&
    commands.every((command) => command === '') &&
    modules
      .split(/[\s,;]+/)
      // Instances are told apart by what follows a colon.
      .map((name) => name.toLowerCase().replace(/:.*/, ''))
      .every((name) => name === '' || localModules.has(name))
  )
}

/** Shares that no section names: home directories, printers, the registry's, the users' own. */
function mayComeFromElsewhere(root: string, sections: Sections, name: string): boolean {
  const global = sections.get('global')
  const usershares = global?.get('usershare path') ?? '/var/lib/samba/usershares'
  return (
    sections.has('homes') ||
    sections.has('printers') ||
    name.endsWith('$') ||
    /^(yes|true|1|on)$/i.test(global?.get('registry shares') ?? '') ||
    global?.get('config backend')?.toLowerCase() === 'registry' ||
    // A share of the users' own has a file of its name.
    readNames(join(root, usershares)).some((file) => file.toLowerCase() === name)
  )
}

/** A server that is no member of a domain has its accounts by itself, whatever else asks winbindd here. */
function winbindFacts(root: string, sections: Sections, isWhole: boolean): Partial<Configuration> {
  const global = sections.get('global')
  for (const [name, needed] of [
    ['security', /^(ads|domain)$/i],
    ['server role', /^member( server)?$/i],
  ] as const) {
    const value = global?.get(name) ?? ''
    if (needed.test(value)) return { winbindBy: `smb.conf: ${name} = ${value}` }
  }
  if (isWhole) return {}
  const line = /^\s*passwd:.*\bwinbind\b.*$/m.exec(readText(join(root, '/etc/nsswitch.conf')))
  return line === null ? {} : { winbindBy: `nsswitch.conf: ${line[0].trim()}` }
}

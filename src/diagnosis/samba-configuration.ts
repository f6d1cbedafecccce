import { join } from 'node:path'
import type { Configuration, Sources } from './facts.ts'
import { readText } from './read-text.ts'
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
  let isWhole = !/^\s*(include|config backend|copy)\s*=/im.test(written)
  if (testparm !== undefined) {
    const { status, out, err, late } = await runProgram(testparm, ['-s', file], limitMs)
    if (late) return base
    if (status !== 0) return { ...base, invalid: harmlessLines(err) }
    text = out
    isWhole = true
  }
  const sections = sambaSections(text)
  return { ...base, ...shareFacts(root, sections, share, isWhole), ...winbindFacts(root, sections) }
}

/** What testparm complains of, without what it may quote of a line that it does not understand. */
function harmlessLines(err: string): string[] {
  const lines = err
    .split('\n')
    .map((line) => line.trim().replace(/(badly formed line|invalid value).*/i, '$1 …'))
    .filter((line) => line !== '' && !/^(Load smb config|Weak crypto|Server role)/.test(line))
  return lines.length === 0 ? ['testparm does not take it'] : lines.slice(0, 3)
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
    // What is filled in at each connection cannot be looked at from here.
    ...(path?.startsWith('/') === true && !path.includes('%') && { path }),
  }
}

/** Shares that no section names: home directories, printers, the registry's, the users' own. */
function mayComeFromElsewhere(root: string, sections: Sections, name: string): boolean {
  const global = sections.get('global')
  return (
    sections.has('homes') ||
    sections.has('printers') ||
    name.endsWith('$') ||
    global?.get('registry shares')?.toLowerCase() === 'yes' ||
    global?.get('config backend') === 'registry' ||
    readText(join(root, '/var/lib/samba/usershares', name)) !== ''
  )
}

function winbindFacts(root: string, sections: Sections): Partial<Configuration> {
  const security = sections.get('global')?.get('security') ?? ''
  if (/^(ads|domain)$/i.test(security)) return { winbindBy: `smb.conf: security = ${security}` }
  const line = /^\s*passwd:.*\bwinbind\b.*$/m.exec(readText(join(root, '/etc/nsswitch.conf')))
  return line === null ? {} : { winbindBy: `nsswitch.conf: ${line[0].trim()}` }
}

import { join } from 'node:path'
import type { Program, ServerProcess, Sources } from './facts.ts'
import { readLink } from './read-text.ts'
import { programIn, runProgram } from './run-program.ts'

const usual = {
  smbd: '/etc/samba/smb.conf',
  'ganesha.nfsd': '/etc/ganesha/ganesha.conf',
} as const satisfies Partial<Record<Program, string>>

const options = {
  smbd: ['-s', '--configfile'],
  'ganesha.nfsd': ['-f'],
} as const satisfies Partial<Record<Program, readonly string[]>>

const limitMs = 1000

/**
 * The file that a server has its configuration from: the one that its process was started with, else the
 * usual one; undefined where that cannot be told. Asked by another process, for the words that a process was
 * started with lie in its memory, which may be out of reach while it hangs.
 */
export async function configurationFile(
  { root, programs }: Sources,
  program: keyof typeof usual,
  processes: readonly ServerProcess[],
): Promise<string | undefined> {
  const byDefault = join(root, usual[program])
  const words = await startedWith({ root, programs }, program, processes)
  if (words === undefined) return undefined
  return (
    named(words, options[program]) ?? (isForeign(root, program, processes) ? undefined : byDefault)
  )
}

/** One that is not of the system's packages has its files elsewhere, and only it knows where. */
function isForeign(root: string, program: Program, processes: readonly ServerProcess[]): boolean {
  const running = processes.find((one) => one.program === program && one.state !== 'Z')
  const file = running && readLink(join(root, `/proc/${running.pid}/exe`))
  return file !== undefined && !/^\/(usr\/(?!local\/)|s?bin\/)/.test(file)
}

/** Where Ganesha writes its log; undefined where that cannot be told. */
export async function ganeshaLog(
  sources: Sources,
  processes: readonly ServerProcess[],
): Promise<string | undefined> {
  const words = await startedWith(sources, 'ganesha.nfsd', processes)
  if (words === undefined) return undefined
  return join(sources.root, named(words, ['-L']) ?? '/var/log/ganesha/ganesha.log')
}

/** The words that a program was started with; none where it does not run. */
async function startedWith(
  { root, programs }: Sources,
  program: Program,
  processes: readonly ServerProcess[],
): Promise<string[] | undefined> {
  const running = processes.find((one) => one.program === program && one.state !== 'Z')
  if (running === undefined) return []
  const cat = programIn(programs, 'cat')
  if (cat === undefined) return undefined
  const words = join(root, `/proc/${running.pid}/cmdline`)
  const { status, out } = await runProgram(cat, [words], limitMs)
  return status === 0 ? out.split('\0') : undefined
}

/** The file that these words name, in one word with their option or in two. */
function named(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    for (const flag of flags) {
      if (word === flag) return words[at + 1]
      if (flag.startsWith('--') && word.startsWith(`${flag}=`)) return word.slice(flag.length + 1)
      if (!flag.startsWith('--') && word.startsWith(flag) && word.includes('/'))
        return word.slice(flag.length)
    }
  }
  return undefined
}

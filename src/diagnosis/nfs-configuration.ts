import { join } from 'node:path'
import type { Configuration, ServerProcess, Sources } from './facts.ts'
import { readNames, readText } from './read-text.ts'
import { programIn, runProgram } from './run-program.ts'

/** A block of a configuration of Ganesha's. */
export type Block = { name: string; values: Map<string, string>; blocks: Block[] }

/** Reads a configuration of Ganesha's; undefined where its braces and signs do not fit together. */
export function ganeshaBlocks(text: string): Block | undefined {
  const whole: Block = { name: '', values: new Map(), blocks: [] }
  const open: Block[] = [whole]
  let words: string[] = []
  // A comment comes last in a line, and not within quotes.
  const tokens = text.matchAll(
    /#[^\n]*|"((?:\\.|[^"\\\n])*)"|'([^'\n]*)'|([{};=])|([^\s{};="'#]+)|(["'])/g,
  )
  for (const [token, double, single, sign, word] of tokens) {
    if (token.startsWith('#')) continue
    const current = open.at(-1)
    if (current === undefined) return undefined
    if (sign === '{') {
      const block: Block = { name: words.join(' ').toLowerCase(), values: new Map(), blocks: [] }
      if (block.name === '' || words.includes('=')) return undefined
      current.blocks.push(block)
      open.push(block)
      words = []
    } else if (sign === '}') {
      if (words.length > 0 || open.length === 1) return undefined
      open.pop()
    } else if (sign === ';') {
      const [name, equals, ...values] = words
      if (words.length > 0 && (name === undefined || equals !== '=')) return undefined
      if (name !== undefined) current.values.set(name.toLowerCase(), values.join(' '))
      words = []
    } else {
      const value = double ?? single ?? sign ?? word
      if (value === undefined) return undefined
      // An include stands alone in its line and has no end of its own.
      if (token.startsWith('%')) return undefined
      words.push(value)
    }
  }
  return open.length === 1 && words.length === 0 ? whole : undefined
}

/** What the configuration of the NFS server says of a directory. */
export async function nfsConfiguration(
  sources: Sources,
  directory: string | undefined,
  processes: readonly ServerProcess[],
  ganesha: string,
): Promise<Configuration | undefined> {
  const { root } = sources
  const text = readText(ganesha)
  const hasKernel = processes.some(({ program }) => program === 'nfsd')
  const hasGanesha = processes.some(({ program }) => program === 'ganesha.nfsd')
  const exports = join(root, '/etc/exports')
  if (hasKernel || (!hasGanesha && text === '' && readText(exports) !== '')) {
    return kernelConfiguration(sources, exports, directory)
  }
  if (text === '' && !hasGanesha && readNames(join(root, '/etc/ganesha')).length === 0) {
    return undefined
  }
  return ganeshaConfiguration(ganesha, text, directory)
}

function ganeshaConfiguration(
  file: string,
  text: string,
  directory: string | undefined,
): Configuration {
  const base = { file, program: 'ganesha.nfsd' } as const
  if (text.trim() === '') return { ...base, isAbsent: true }
  // What is included may hold anything.
  if (/^\s*%(include|dir|url)\b/im.test(text)) return base
  const whole = ganeshaBlocks(text)
  if (whole === undefined)
    return { ...base, invalid: ['its braces, equal signs and semicolons do not match'] }
  const core = whole.blocks.find(({ name }) => name === 'nfs_core_param')
  const servesVersion3 = /(^|[\s,])(nfs)?v?3([\s,]|$)/i.test(core?.values.get('protocols') ?? '')
  const exported = whole.blocks.filter(({ name }) => name === 'export')
  const found = exported.find(
    ({ values }) =>
      covers(values.get('path'), directory) || covers(values.get('pseudo'), directory),
  )
  const version = { servesVersion3 }
  if (directory === undefined) return { ...base, ...version }
  if (found === undefined) {
    // NFSv4 shows the way to every pseudo path, from the root on.
    const isOnTheWay = exported.some(({ values }) => covers(directory, values.get('pseudo')))
    return { ...base, ...version, ...(!isOnTheWay && { hasResource: false }) }
  }
  const fsal = found.blocks.find(({ name }) => name === 'fsal')?.values.get('name') ?? ''
  const path = found.values.get('path')
  const access =
    found.values.get('access_type') ??
    whole.blocks.find(({ name }) => name === 'export_defaults')?.values.get('access_type') ??
    ''
  return {
    ...base,
    ...version,
    hasResource: true,
    isWritable: /^rw$/i.test(access),
    // Only this one serves a directory of this host.
    ...(/^(vfs|xfs)$/i.test(fsal) && path !== undefined && { path }),
  }
}

/** Lines of exports(5), those that go on in the next one put together. */
function exportLines(text: string): string[] {
  return text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}

const limitMs = 1000

/** What is exported now, also by others than the file: clusters do it by commands. */
async function exportedNow({ root, programs }: Sources): Promise<string | undefined> {
  const cat = programIn(programs, 'cat')
  if (cat === undefined) return undefined
  // It often lies on the disk that goes with the service.
  const { status, out } = await runProgram(cat, [join(root, '/var/lib/nfs/etab')], limitMs)
  return status === 0 ? out : undefined
}

async function kernelConfiguration(
  sources: Sources,
  file: string,
  directory: string | undefined,
): Promise<Configuration> {
  const { root } = sources
  const more = readNames(join(root, '/etc/exports.d'))
    .filter((name) => name.endsWith('.exports'))
    .map((name) => readText(join(root, '/etc/exports.d', name)))
  const written = [readText(file), ...more].flatMap(exportLines)
  const now = await exportedNow(sources)
  const lines = [...written, ...exportLines(now ?? '')]
  const base = { file, program: 'nfsd' } as const
  const invalid = written.filter((line) => !/^["/]/.test(line) || unbalanced(line))
  const paths = lines.map(pathOf)
  const at = paths.findIndex((path) => covers(path, directory))
  const path = paths[at]
  const versions = readText(join(root, '/proc/fs/nfsd/versions'))
  // NFSv4 shows the way to every export; without a list of what is exported now, nothing written means nothing.
  const mayHave =
    hasRoot(lines) ||
    paths.some((each) => covers(directory, each)) ||
    (lines.length === 0 && now === undefined)
  return {
    ...base,
    ...(invalid.length > 0 && {
      invalid: invalid.slice(0, 3).map((line) => `line: ${line.slice(0, 80)}`),
    }),
    ...(versions !== '' && { servesVersion3: /\+3\b/.test(versions) }),
    ...(directory !== undefined &&
      (path !== undefined || !mayHave) && { hasResource: path !== undefined }),
    ...(path !== undefined && { path, isWritable: /\brw\b/.test(lines[at] ?? '') }),
  }
}

/** The path of a line of exports(5), without its quotes and with what is written as octal numbers. */
function pathOf(line: string): string | undefined {
  const match = /^"([^"]+)"|^(\S+)/.exec(line)
  return (match?.[1] ?? match?.[2])?.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
}

/** Below such an export NFSv4 may name every directory anew. */
function hasRoot(lines: readonly string[]): boolean {
  return lines.some((line) => /\bfsid=(0|root)\b/.test(line))
}

function unbalanced(line: string): boolean {
  return line.split('(').length !== line.split(')').length
}

function covers(exported: string | undefined, directory: string | undefined): boolean {
  if (exported === undefined || directory === undefined) return false
  const top = exported.replace(/\/+$/, '')
  return directory === top || directory.startsWith(`${top}/`)
}

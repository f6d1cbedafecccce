import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'

/** The exports of a part of the program, or of one of Node's own modules. */
type Exports = Record<string, unknown>

/** Gets what a part asks for: another part, or one of Node's own modules. */
export type Load = (name: string) => Exports

/** A part as the build writes it. */
type Part = (
  exports: Exports,
  load: Load,
  lazy: (name: string) => Promise<Exports>,
  /** for what the ecosystem's own CommonJS asks for */
  require: Load,
) => void

/** Where the program lies, and in which of its files each part is. */
export type Program = { directory: string; fileOf: Readonly<Record<string, string>> }

/** Hears of every file that was compiled, with its source. */
export type OnScript = (file: string, source: string, script: Script) => void

const digestBytes = 32

/** The name of the file that holds what was compiled of a file of the program. */
export function cacheOf(file: string): string {
  return file.replace(/\.cjs$/, '.cache')
}

/**
 * What ties compiled code to its source. V8 compares its version, its flags and the source's length by
 * itself; that not a byte has changed, on the disk or in another release, it leaves to us.
 */
export function seal(source: string, compiled: Uint8Array): Buffer {
  return createHash('sha256').update(source, 'latin1').update(compiled).digest()
}

/** What the name of a file ends with that is kept small, for what is seldom asked for. */
export const packedEnding = '.br'

/** Loads parts of a program when they are first asked for, from compiled code where that can be used. */
export function programLoader(
  { directory, fileOf }: Program,
  require: Load,
  onScript?: OnScript,
): Load {
  const parts: Record<string, Part> = {}
  const loaded = new Map<string, Exports>()
  const lazy = async (name: string): Promise<Exports> => load(name)
  const load = (name: string): Exports => {
    const known = loaded.get(name)
    if (known !== undefined) return known
    const file = fileOf[name]
    if (file === undefined) return require(name)
    if (parts[name] === undefined)
      Object.assign(parts, partsIn(join(directory, file), require, onScript))
    const part = parts[name]
    if (part === undefined) throw new Error(`${file} is of another version: ${name} is not in it`)
    const exports: Exports = {}
    loaded.set(name, exports)
    part(exports, load, lazy, require)
    return exports
  }
  return load
}

function partsIn(file: string, require: Load, onScript?: OnScript): Record<string, Part> {
  const source = sourceIn(file, require)
  const compiled = compiledCode(file, source)
  const script = new Script(source, {
    filename: file,
    ...(compiled !== undefined && { cachedData: compiled }),
  })
  onScript?.(file, source, script)
  // What the build wrote there is a list of parts, which nothing but its own tests could check.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return script.runInThisContext() as Record<string, Part>
}

function sourceIn(file: string, require: Load): string {
  if (!file.endsWith(packedEnding)) return readFileSync(file, 'latin1')
  // Not imported above: most starts need nothing of it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's own module
  const { brotliDecompressSync } = require('node:zlib') as typeof import('node:zlib')
  return brotliDecompressSync(readFileSync(file)).toString('latin1')
}

/** None, or what does not belong to this very source, is no trouble: V8 compiles it. */
function compiledCode(file: string, source: string): Buffer | undefined {
  let bytes
  try {
    bytes = readFileSync(cacheOf(file))
  } catch {
    return undefined
  }
  const compiled = bytes.subarray(digestBytes)
  return seal(source, compiled).equals(bytes.subarray(0, digestBytes)) ? compiled : undefined
}

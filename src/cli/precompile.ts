import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { cacheOf, seal } from './program-loader.ts'

/** Which files are compiled: `whole` ones with every function, others only as far as they run when they are loaded. */
export type Precompiled = { whole: ReadonlySet<string>; others: ReadonlySet<string> }

/**
 * Compiles files of a program for the Node that runs this, and keeps that beside them. Every function of
 * a file takes three times the room of what runs at its start.
 */
export function precompile(directory: string, { whole, others }: Precompiled): void {
  const names = readdirSync(directory)
  for (const name of names) if (name.endsWith('.cache')) rmSync(join(directory, name))
  for (const name of names) {
    if (!whole.has(name) && !others.has(name)) continue
    const file = join(directory, name)
    const source = readFileSync(file, 'latin1')
    // V8 keeps with the code under which flags it was compiled, so they are back before it is taken.
    if (whole.has(name)) setFlagsFromString('--no-lazy')
    const script = new Script(source, { filename: file })
    setFlagsFromString('--lazy')
    const compiled = script.createCachedData()
    const place = cacheOf(file)
    writeFileSync(`${place}.new`, Buffer.concat([seal(source, compiled), compiled]))
    renameSync(`${place}.new`, place)
  }
}

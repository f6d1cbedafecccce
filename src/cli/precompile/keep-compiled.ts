import { renameSync, writeFileSync } from 'node:fs'
import type { Script } from 'node:vm'
import { cacheOf, seal } from '../program-loader.ts'

/**
 * Keeps beside a file of the program what was compiled of it so far, functions that have run included. Whoever starts
 * meanwhile finds what was there before, or this.
 */
export function keepCompiled(file: string, source: string, script: Script): void {
  const compiled = script.createCachedData()
  const place = cacheOf(file)
  writeFileSync(`${place}.new`, Buffer.concat([seal(source, compiled), compiled]))
  renameSync(`${place}.new`, place)
}

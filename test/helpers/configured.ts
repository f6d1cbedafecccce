import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { settingsFile } from '../../src/cli/settings/settings.ts'
import { layoutUnder } from '../../src/registry/layout.ts'

/** Writes the configuration below a root, and gives the file's name. */
export function configured(root: string, text: string): string {
  const file = settingsFile(layoutUnder(root).etc)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

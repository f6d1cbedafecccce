import { createHash, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPrivateFile } from './private-file.ts'

/** Where systems keep the id of their machine. */
export const machineIdFiles = ['/etc/machine-id', '/var/lib/dbus/machine-id'] as const

/** All the names that this machine goes by in licenses, the best first; none when it has no id yet. */
export function machineNames(lib: string, files: readonly string[]): string[] {
  const texts = [...files.map(systemText), ownText(lib)]
  return [...new Set(texts.flatMap((text) => idIn(text) ?? []).map(nameOf))]
}

/** The name this machine registers under; a machine without an id is given one of our own. */
export function settleMachine(lib: string, files: readonly string[]): string {
  const [known] = machineNames(lib, files)
  if (known !== undefined) return known
  mkdirSync(lib, { recursive: true, mode: 0o700 })
  const made = join(lib, `machine-id.${process.pid}.${randomBytes(6).toString('hex')}`)
  writeFileSync(made, `${randomBytes(16).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    if (idIn(ownText(lib)) === undefined) rmSync(ownIdFile(lib), { force: true })
    linkSync(made, ownIdFile(lib))
  } catch (error) {
    // Somebody else was quicker: theirs it is.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(made, { force: true })
  }
  return machineNames(lib, files)[0] ?? ''
}

function ownIdFile(lib: string): string {
  return join(lib, 'machine-id')
}

function ownText(lib: string): string {
  const found = readPrivateFile(ownIdFile(lib))
  return 'trouble' in found ? '' : found.text
}

function systemText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function idIn(text: string): string | undefined {
  const id = text.trim().replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id) ? id : undefined
}

/** machine-id(5) asks that the id itself be kept from others. */
function nameOf(id: string): string {
  return createHash('sha256').update(`clp-fsmon\0${id}`).digest('hex').slice(0, 32)
}

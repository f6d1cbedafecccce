import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { fullPath, type Kind } from './kinds.ts'
import type { Spot } from './spot.ts'

/** What was read from a file that nobody else may read; it shows itself to nobody. */
export class Secret {
  readonly file: string
  readonly #bytes: Buffer

  constructor(file: string, bytes: Buffer) {
    this.file = file
    this.#bytes = bytes
  }

  /** The secret itself, for the one who needs it. */
  reveal(): Buffer {
    return this.#bytes
  }

  toJSON(): string {
    return this.file
  }

  [inspect.custom](): string {
    return `Secret ${this.file}`
  }
}

const fewestBytes = 16
const mostBytes = 4096

/** A secret, by the name of a file that only its owner, root or this process's user, can read. */
export function secretFile(): Kind<Secret> {
  const { read, absent } = fullPath()
  return {
    absent: (spot) => (absent(spot), undefined),
    read: (value, spot) => {
      const file = read(value, spot)
      const bytes = file === undefined ? undefined : privateBytes(file, spot)
      if (file === undefined || bytes === undefined) return undefined
      const line = bytes.toString('latin1').replace(/\r?\n$/, '')
      if (line.length < fewestBytes || line.length > mostBytes || line.includes('\n')) {
        spot.report('secret-form', { file, allowed: `${fewestBytes}..${mostBytes}` })
      }
      return new Secret(file, Buffer.from(line, 'latin1'))
    },
  }
}

function privateBytes(file: string, spot: Spot): Buffer | undefined {
  let fd: number | undefined
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const { mode, uid, size } = fstatSync(fd)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > mostBytes + 2) {
      spot.report('secret-form', { file, allowed: `${fewestBytes}..${mostBytes}` })
      return undefined
    }
    if ((mode & 0o077) !== 0 || (uid !== 0 && uid !== process.geteuid?.())) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0')
      spot.report('secret-not-private', { file, mode: shown, uid: String(uid) })
      return undefined
    }
    return readFileSync(fd)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    spot.report('secret-unreadable', { file, reason })
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

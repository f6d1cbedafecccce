import { isAbsolute } from 'node:path'
import { nearest } from './nearest.ts'
import type { Spot } from './spot.ts'

/**
 * What a value of the configuration must be. Both functions tell the place what is wrong; what they
 * return counts only when nothing was told.
 */
export type Kind<T> = {
  read: (value: unknown, spot: Spot) => T | undefined
  /** what holds where nothing is written; the place says so where something must be */
  absent: (spot: Spot) => T | undefined
}

/** The value that a kind gives. */
export type ValueOf<K> = K extends Kind<infer T> ? T : never

function required<T>(read: Kind<T>['read']): Kind<T> {
  return {
    read,
    absent: (spot) => {
      spot.report('missing')
      return undefined
    },
  }
}

/** A value that may be left out. */
export function optional<T>({ read }: Kind<T>): Kind<T | undefined> {
  return { read, absent: () => undefined }
}

/** A value that is this one where nothing is written. */
export function withDefault<T>({ read }: Kind<T>, value: T): Kind<T> {
  return { read, absent: () => value }
}

/** A value that must also please whoever looks at it with its place. */
export function checked<T>(kind: Kind<T>, look: (value: T, spot: Spot) => void): Kind<T> {
  return {
    absent: kind.absent,
    read: (value, spot) => {
      const found = kind.read(value, spot)
      if (found !== undefined) look(found, spot)
      return found
    },
  }
}

/** A value that is as if it were not there when anything is wrong in it. */
export function unlessWrong<T>({ read, absent }: Kind<T>): Kind<T | undefined> {
  return {
    absent,
    read: (value, spot) => {
      const before = spot.problemCount
      const found = read(value, spot)
      return spot.problemCount === before ? found : undefined
    },
  }
}

/** A key that is known and refused, for its value would be a secret in a file that others may read. */
export function secretRefused(): Kind<undefined> {
  return {
    read: (_, spot) => {
      spot.report('no-secret')
      return undefined
    },
    absent: () => undefined,
  }
}

/** A key that is known, and belongs into another table. */
export function belongsUnder(table: string): Kind<undefined> {
  return {
    read: (_, spot) => {
      spot.report('belongs-under', { table })
      return undefined
    },
    absent: () => undefined,
  }
}

/** A text, of some form if it has one. */
export function text({
  maxBytes = 4096,
  form,
}: { maxBytes?: number; form?: { pattern: RegExp; allowed: string } } = {}): Kind<string> {
  return required((value, spot) => {
    if (typeof value !== 'string') {
      spot.report('not-text', { allowed: `1..${maxBytes}` })
      return undefined
    }
    const bytes = Buffer.byteLength(value)
    if (value === '') spot.report('empty', { allowed: `1..${maxBytes}` })
    else if (bytes > maxBytes)
      spot.report('too-long', { bytes: String(bytes), allowed: `1..${maxBytes}` })
    else if (value.includes('\0')) spot.report('bad-form', { allowed: 'no NUL' })
    else if (form?.pattern.test(value) === false) spot.report('bad-form', { allowed: form.allowed })
    return value
  })
}

/** A whole number. */
export function integer({ min, max }: { min: number; max: number }): Kind<number> {
  return required((value, spot) => {
    const allowed = `${min}..${max}`
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      spot.report('not-integer', { allowed })
      return undefined
    }
    if (value < min || value > max) spot.report('out-of-range', { value: String(value), allowed })
    return value
  })
}

/** A number, also one with a fraction. */
export function decimal({ min, max }: { min: number; max: number }): Kind<number> {
  return required((value, spot) => {
    const allowed = `${min}..${max}`
    if (typeof value !== 'number') {
      spot.report('not-number', { allowed })
      return undefined
    }
    // What is no number at all is in no range either.
    if (!(value >= min && value <= max)) {
      spot.report('out-of-range', { value: String(value), allowed })
    }
    return value
  })
}

/** A number, or `"off"` in place of 0. */
export function orOff({ read, absent }: Kind<number>): Kind<number> {
  return { absent, read: (value, spot) => (value === 'off' ? 0 : read(value, spot)) }
}

/** One of a few words. */
export function choice<const T extends string>(of: readonly T[]): Kind<T> {
  return required((value, spot) => {
    const found = of.find((word) => word === value)
    if (found !== undefined) return found
    const shown = typeof value === 'string' ? value : typeof value
    const near = typeof value === 'string' ? nearest(value, of) : undefined
    spot.report('not-a-choice', { value: shorten(shown), allowed: of.join(', ') }, near)
    return undefined
  })
}

/** True or false. */
export function flag(): Kind<boolean> {
  return required((value, spot) => {
    if (typeof value === 'boolean') return value
    spot.report('not-flag')
    return undefined
  })
}

/** The full path of a file or a directory. */
export function fullPath(): Kind<string> {
  return required((value, spot) => {
    const isPath = typeof value === 'string' && isAbsolute(value) && !value.includes('\0')
    if (isPath && Buffer.byteLength(value) <= 4095) return value
    spot.report('not-absolute')
    return undefined
  })
}

/** An address of the web. It is kept out of every explanation: its path may be a secret. */
export function webUrl(): Kind<string> {
  return required((value, spot) => {
    if (typeof value === 'string' && isWebUrl(value)) return value
    spot.report('not-url')
    return undefined
  })
}

function isWebUrl(value: string): boolean {
  if (!URL.canParse(value) || value.length > 2048) return false
  const { protocol, username, password } = new URL(value)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

/** A list of values that are all of one kind. */
export function list<T>(
  kind: Kind<T>,
  { least = 0, most = 1000 }: { least?: number; most?: number } = {},
): Kind<T[]> {
  return required((value, spot) => {
    if (!Array.isArray(value)) {
      spot.report('not-list', { allowed: `${least}..${most}` })
      return undefined
    }
    if (value.length < least || value.length > most) {
      spot.report('list-length', { value: String(value.length), allowed: `${least}..${most}` })
    }
    return elements(kind, value, spot)
  })
}

/** Tables that are written one after the other, each under `[[its name]]`. */
export function tables<T>(kind: Kind<T>): Kind<T[]> {
  return {
    absent: () => [],
    read: (value, spot) => {
      if (Array.isArray(value)) return elements(kind, value, spot)
      spot.report('not-tables')
      return []
    },
  }
}

function elements<T>(kind: Kind<T>, values: readonly unknown[], spot: Spot): T[] {
  return values.flatMap((value, index) => kind.read(value, spot.at(index)) ?? [])
}

function shorten(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word
}

import { readFileSync } from 'node:fs'
import { isSerial } from '../../license/serial.ts'
import { fill } from '../texts.ts'
import { LicenseRefusal } from './license-refusal.ts'
import type { LicenseTexts } from './license-texts.ts'

/** A license as it stands in a license file. */
export type WrittenLicense = { serial: string; key: string; line: number }

/** Reads a license file: lines `serial = …` and `key = …` in turns, comments after `#`. */
export function readLicenseFile(file: string, texts: LicenseTexts): WrittenLicense[] {
  const words = texts.file
  const refuse = (text: string, values: Record<string, string | number>): never => {
    throw new LicenseRefusal('invalid', fill(text, { file, ...values }))
  }
  const licenses: WrittenLicense[] = []
  let open: { serial: string; line: number } | undefined
  for (const [at, text] of linesOf(file, texts).entries()) {
    const line = at + 1
    const [, name, value = ''] = /^\s*(serial|key)\s*=\s*(.*?)\s*$/i.exec(text) ?? []
    if (/^\s*(#.*)?$/.test(text)) continue
    if (name === undefined || (name.toLowerCase() === 'key') !== (open !== undefined)) {
      refuse(words.syntax, { line })
    }
    if (open !== undefined) {
      licenses.push({ serial: open.serial, key: value, line })
      open = undefined
    } else {
      if (!isSerial(value)) refuse(words.serial, { line, value })
      open = { serial: value, line }
    }
  }
  if (open !== undefined) refuse(words.noKey, { line: open.line })
  if (licenses.length === 0) refuse(words.empty, {})
  return licenses
}

function linesOf(file: string, texts: LicenseTexts): string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new LicenseRefusal('invalid', fill(texts.file.unreadable, { file, reason }), error)
  }
}

import { readFileSync, statSync } from 'node:fs'
import { fullPath, type Kind } from './kinds.ts'

/** Certificates that a server's own is to be traced back to. */
export type Certificates = { file: string; pem: string }

const mostBytes = 1024 * 1024

/** Certificates, by the name of a file that holds them as PEM. */
export function certificateFile(): Kind<Certificates> {
  const { read, absent } = fullPath()
  return {
    absent: (spot) => (absent(spot), undefined),
    read: (value, spot) => {
      const file = read(value, spot)
      if (file === undefined) return undefined
      try {
        const isFile = statSync(file).isFile() && statSync(file).size <= mostBytes
        const pem = isFile ? readFileSync(file, 'latin1') : ''
        if (pem.includes('-----BEGIN CERTIFICATE-----')) return { file, pem }
        spot.report('bad-form', { allowed: '-----BEGIN CERTIFICATE-----' })
      } catch (error) {
        const reason =
          error instanceof Error && 'code' in error ? String(error.code) : String(error)
        spot.report('secret-unreadable', { file, reason })
      }
      return undefined
    },
  }
}

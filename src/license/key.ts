import { createHmac, timingSafeEqual } from 'node:crypto'
import { decodeBase60, encodeBase60, isBase60Symbol } from './base60.ts'

/** The manual's two product divisions. */
export type Division = 'product' | 'trial'

/** What a key grants; days count from 2000-01-01, `until` 0 is no end. */
export type Terms = { division: Division; from: number; until: number }

/** Whom a key is for. */
export type Holder = { product: string; serial: string }

/** Which part of a key is wrong; places count from 1. */
export type KeyProblem =
  | { part: 'length'; symbols: number }
  | { part: 'group'; group: number; symbols: number }
  | { part: 'character'; character: string; group: number; place: number }
  | { part: 'checksum' }
  | { part: 'version' }

const groupCount = 4
const groupLength = 8
const symbolCount = groupCount * groupLength
const termsBytes = 5
const macBytes = 18
const divisionCode: Readonly<Record<Division, number>> = { product: 0x11, trial: 0x12 }

/** Makes the key that grants these terms to a holder. */
export function issueKey(terms: Terms, holder: Holder, secret: Uint8Array): string {
  const granted = Buffer.alloc(termsBytes)
  granted.writeUInt8(divisionCode[terms.division], 0)
  granted.writeUInt16BE(terms.from, 1)
  granted.writeUInt16BE(terms.until, 3)
  const bytes = Buffer.concat([granted, macOf(granted, holder, secret)])
  return (encodeBase60(bytes, symbolCount).match(/.{8}/g) ?? []).join('-')
}

/** Reads a key that was issued with one of the secrets; else says which part of it is wrong. */
export function readKey(
  key: string,
  holder: Holder,
  secrets: readonly Uint8Array[],
): { terms: Terms } | { problem: KeyProblem } {
  const problem = shapeProblem(key)
  if (problem !== undefined) return { problem }
  const bytes = decodeBase60(key.replaceAll('-', ''), termsBytes + macBytes)
  if (bytes === undefined) return { problem: { part: 'checksum' } }
  const granted = bytes.subarray(0, termsBytes)
  const mac = bytes.subarray(termsBytes)
  if (!secrets.some((secret) => timingSafeEqual(mac, macOf(granted, holder, secret)))) {
    return { problem: { part: 'checksum' } }
  }
  const division = divisionOf(granted.readUInt8(0))
  if (division === undefined) return { problem: { part: 'version' } }
  return { terms: { division, from: granted.readUInt16BE(1), until: granted.readUInt16BE(3) } }
}

function shapeProblem(key: string): KeyProblem | undefined {
  const groups = key.split('-').map((group) => Array.from(group))
  if (groups.length === groupCount) {
    const at = groups.findIndex((group) => group.length !== groupLength)
    if (at >= 0) return { part: 'group', group: at + 1, symbols: groups[at]?.length ?? 0 }
  }
  const all = groups.flat()
  if (all.length !== symbolCount) return { part: 'length', symbols: all.length }
  const at = all.findIndex((character) => !isBase60Symbol(character))
  if (at < 0) return undefined
  return {
    part: 'character',
    character: all[at] ?? '',
    group: Math.floor(at / groupLength) + 1,
    place: (at % groupLength) + 1,
  }
}

function divisionOf(code: number): Division | undefined {
  if (code === divisionCode.product) return 'product'
  return code === divisionCode.trial ? 'trial' : undefined
}

function macOf(granted: Uint8Array, holder: Holder, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret)
    .update(`${holder.product}\0${holder.serial}\0`)
    .update(granted)
    .digest()
    .subarray(0, macBytes)
}

import { createHash } from 'node:crypto'
import { issueKey } from '../../license/key.ts'
import { fill } from '../texts.ts'
import { issuingSecret, type LicenseContext } from './license-context.ts'
import { register, settledMachine } from './register.ts'

/** Issues a license to this server and registers it; a second time changes nothing. */
export async function registerCommunity(context: LicenseContext): Promise<void> {
  const { product, io, texts } = context
  const { secret } = issuingSecret(context)
  const serial = communitySerial(settledMachine(context))
  const terms = { division: 'product', from: 0, until: 0 } as const
  const key = issueKey(terms, { product, serial }, secret)
  await register([{ serial, key, terms }], context)
  io.err(`${fill(texts.result.community, { serial })}\n`)
}

/** A serial number of this machine's own, always the same. */
export function communitySerial(machine: string): string {
  const number = createHash('sha256').update(`community\0${machine}`).digest().readUIntBE(0, 6)
  return `CM${String(number % 1_000_000).padStart(6, '0')}`
}

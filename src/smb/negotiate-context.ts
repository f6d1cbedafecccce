import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { isSealingCipher, offeredCiphers, type SealingCipher } from './sealing.ts'
import { isSigningAlgorithm, offeredSigning, type SigningAlgorithm } from './signing.ts'

/** A 3.1.1 context, of either direction ([MS-SMB2] 2.2.3.1). */
export type NegotiateContext = { type: number; data: Buffer }

const contextType = { preauthIntegrity: 1, encryption: 2, netname: 5, signing: 8 } as const

const sha512 = 1

/** What we offer; the salt must be new for every connection. */
export function offeredContexts(salt: Buffer, serverName: string): NegotiateContext[] {
  const integrity = new Writer(38).u16le(1).u16le(salt.length).u16le(sha512).put(salt).done()
  return [
    { type: contextType.preauthIntegrity, data: integrity },
    { type: contextType.encryption, data: encodeList(offeredCiphers) },
    { type: contextType.netname, data: Buffer.from(serverName, 'utf16le') },
    { type: contextType.signing, data: encodeList(offeredSigning) },
  ]
}

/** What the server chose of it; a server without encryption has no cipher. */
export type ChosenContexts = { cipher?: SealingCipher; signing?: SigningAlgorithm }

/** Decodes the server's choice, which must name the one hash there is ([MS-SMB2] 3.2.5.2). */
export function decodeChosenContexts(contexts: readonly NegotiateContext[]): ChosenContexts {
  const integrity = only(contexts, contextType.preauthIntegrity)
  if (integrity === undefined || choice(new Reader(integrity), 4) !== sha512) {
    throw new MalformedError('3.1.1 without the preauthentication hash that was offered')
  }
  const chosen: ChosenContexts = {}
  const encryption = only(contexts, contextType.encryption)
  if (encryption !== undefined) {
    const cipher = choice(new Reader(encryption), 2)
    // Zero is how a server says that none of the ciphers suits it.
    if (cipher !== 0) {
      if (!isSealingCipher(cipher)) throw new MalformedError(`cipher ${cipher} was not offered`)
      chosen.cipher = cipher
    }
  }
  const signing = only(contexts, contextType.signing)
  if (signing !== undefined) {
    const algorithm = choice(new Reader(signing), 2)
    if (!isSigningAlgorithm(algorithm)) {
      throw new MalformedError(`signing algorithm ${algorithm} was not offered`)
    }
    chosen.signing = algorithm
  }
  return chosen
}

function encodeList(values: readonly number[]): Buffer {
  const writer = new Writer(2 + values.length * 2).u16le(values.length)
  for (const value of values) writer.u16le(value)
  return writer.done()
}

/** The one value of a list that has to have exactly one. */
function choice(reader: Reader, offset: number): number {
  const count = reader.u16le()
  if (count !== 1) throw new MalformedError(`${count} choices where one is due`)
  reader.seek(offset)
  return reader.u16le()
}

function only(contexts: readonly NegotiateContext[], type: number): Buffer | undefined {
  let found: Buffer | undefined
  for (const context of contexts) {
    if (context.type !== type) continue
    if (found !== undefined) throw new MalformedError(`two negotiate contexts of type ${type}`)
    found = context.data
  }
  return found
}

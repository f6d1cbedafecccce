import { MalformedError } from '../wire/malformed-error.ts'
import { RpcError } from './rpc-error.ts'
import { XdrReader } from './xdr-reader.ts'

/** RFC 5531 8.2: the body of a verifier. */
const maxVerifierBytes = 400

/** A reader at what follows xid and direction, where the bytes are the reply to this call; else undefined. */
export function replyTo(xid: number, bytes: Buffer): XdrReader | undefined {
  const reader = new XdrReader(bytes)
  const theirs = reader.u32()
  const direction = reader.u32()
  if (direction > 1) throw new MalformedError(`message type ${direction}`)
  return theirs === xid && direction === 1 ? reader : undefined
}

/** Goes to the results of a reply that was accepted and succeeded; throws an RpcError for any other. */
export function openResults(reader: XdrReader): void {
  const status = reader.u32()
  if (status === 1) throw denied(reader)
  if (status !== 0) throw new MalformedError(`reply status ${status}`)
  reader.skip(4)
  reader.opaque(maxVerifierBytes)
  const accepted = reader.u32()
  switch (accepted) {
    case 0:
      return
    case 1:
      throw new RpcError({ kind: 'program-unavailable' })
    case 2:
      throw new RpcError({ kind: 'version-mismatch', low: reader.u32(), high: reader.u32() })
    case 3:
      throw new RpcError({ kind: 'procedure-unavailable' })
    case 4:
      throw new RpcError({ kind: 'garbage-arguments' })
    case 5:
      throw new RpcError({ kind: 'system-error' })
    default:
      throw new MalformedError(`accept status ${accepted}`)
  }
}

function denied(reader: XdrReader): RpcError | MalformedError {
  const why = reader.u32()
  switch (why) {
    case 0:
      return new RpcError({ kind: 'rpc-version-mismatch', low: reader.u32(), high: reader.u32() })
    case 1:
      return new RpcError({ kind: 'auth-error', why: reader.u32() })
    default:
      return new MalformedError(`reject status ${why}`)
  }
}

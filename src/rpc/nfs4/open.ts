import { MalformedError } from '../../wire/malformed-error.ts'
import type { XdrReader } from '../xdr-reader.ts'
import { decodeBitmap, encodeBitmap } from './protocol.ts'
import type { Operation } from './operation.ts'
import { stateIdBytes } from './read-write.ts'

/** A file to open by its name in the current directory. */
export type OpenRequest = {
  clientId: bigint
  owner: string
  name: string
  /** `read` opens what is there; `write` makes the file, empty also if it was there before */
  access: 'read' | 'write'
  /** 4.1 and later can say that no delegation is wanted */
  refuseDelegation: boolean
}

/** A file that has been opened. */
export type Opened = { stateId: Buffer; mustConfirm: boolean }

const accessBits = { read: 1, write: 3 } as const
const wantNoDelegation = 0x0400
const resultConfirm = 2
const sizeAttribute = 4
const modeAttribute = 33
const maxWhoBytes = 1024

/** OPEN (RFC 8881 18.16), with the first seqid of an owner that was not used before. */
export function open(request: OpenRequest): Operation<Opened> {
  const { clientId, owner, name, access, refuseDelegation } = request
  return {
    number: 18,
    name: 'OPEN',
    encode: (writer) => {
      writer
        .u32(0)
        .u32(accessBits[access] + (refuseDelegation ? wantNoDelegation : 0))
        .u32(0)
        .u64(clientId)
        .text(owner)
      if (access === 'write') {
        writer.u32(1).u32(0)
        encodeBitmap(writer, [sizeAttribute, modeAttribute])
        writer.u32(12).u64(0n).u32(0o600)
      } else {
        writer.u32(0)
      }
      writer.u32(0).text(name)
    },
    decode: (reader) => {
      const stateId = reader.fixed(stateIdBytes)
      reader.skip(20)
      const flags = reader.u32()
      decodeBitmap(reader)
      skipDelegation(reader)
      return { stateId, mustConfirm: (flags & resultConfirm) !== 0 }
    },
  }
}

/** OPEN_CONFIRM (RFC 7530 16.18): 4.0 wants the first open of an owner confirmed. */
export function openConfirm(stateId: Buffer, sequenceId: number): Operation<Buffer> {
  return {
    number: 20,
    name: 'OPEN_CONFIRM',
    encode: (writer) => {
      writer.fixed(stateId).u32(sequenceId)
    },
    decode: (reader) => reader.fixed(stateIdBytes),
  }
}

/** CLOSE (RFC 8881 18.2): ends what OPEN began. */
export function close(stateId: Buffer, sequenceId: number): Operation<void> {
  return {
    number: 4,
    name: 'CLOSE',
    encode: (writer) => {
      writer.u32(sequenceId).fixed(stateId)
    },
    decode: (reader) => {
      reader.fixed(stateIdBytes)
    },
  }
}

/** open_delegation4: what the server gives although nobody wanted it. */
function skipDelegation(reader: XdrReader): void {
  const type = reader.u32()
  switch (type) {
    case 0:
      return
    case 1:
      reader.skip(stateIdBytes + 4)
      skipAce(reader)
      return
    case 2:
      reader.skip(stateIdBytes + 4)
      // nfs_space_limit4 has eight bytes in either form, after which of the two it is.
      reader.skip(12)
      skipAce(reader)
      return
    case 3: {
      const why = reader.u32()
      // WND4_CONTENTION and WND4_RESOURCE say whether the server will tell when that has changed.
      if (why === 1 || why === 2) reader.bool()
      return
    }
    default:
      throw new MalformedError(`delegation type ${type}`)
  }
}

function skipAce(reader: XdrReader): void {
  reader.skip(12)
  reader.opaque(maxWhoBytes)
}

import { MalformedError } from '../../wire/malformed-error.ts'
import { sessionIdBytes } from './create-session.ts'
import type { Operation } from './operation.ts'

/** SEQUENCE (RFC 8881 18.46), always on the first slot. */
export function sequence(sessionId: Buffer, sequenceId: number): Operation<void> {
  return {
    number: 53,
    name: 'SEQUENCE',
    encode: (writer) => {
      writer.fixed(sessionId).u32(sequenceId).u32(0).u32(0).bool(false)
    },
    decode: (reader) => {
      const itsSession = reader.fixed(sessionIdBytes)
      const itsSequenceId = reader.u32()
      const slot = reader.u32()
      reader.skip(12)
      if (!itsSession.equals(sessionId) || itsSequenceId !== sequenceId || slot !== 0) {
        throw new MalformedError('an answer to another SEQUENCE')
      }
    },
  }
}

/** RECLAIM_COMPLETE (RFC 8881 18.51): nothing is claimed from before a restart; due before the first OPEN. */
export const reclaimComplete: Readonly<Operation<void>> = {
  number: 58,
  name: 'RECLAIM_COMPLETE',
  encode: (writer) => {
    writer.bool(false)
  },
  decode: () => {},
}

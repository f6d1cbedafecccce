import type { Operation } from './operation.ts'

/** DESTROY_SESSION (RFC 8881 18.37). */
export function destroySession(sessionId: Buffer): Operation<void> {
  return {
    number: 44,
    name: 'DESTROY_SESSION',
    encode: (writer) => {
      writer.fixed(sessionId)
    },
    decode: () => {},
  }
}

/** DESTROY_CLIENTID (RFC 8881 18.50). */
export function destroyClientId(clientId: bigint): Operation<void> {
  return {
    number: 57,
    name: 'DESTROY_CLIENTID',
    encode: (writer) => {
      writer.u64(clientId)
    },
    decode: () => {},
  }
}

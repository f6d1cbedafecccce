import type { ClientOwner } from './exchange-id.ts'
import type { Operation } from './operation.ts'

/** A client id that still has to be confirmed, and with what. */
export type Unconfirmed = { clientId: bigint; confirm: Buffer }

/** SETCLIENTID (RFC 7530 16.33), with a callback that nobody can reach, so that nothing is delegated. */
export function setClientId(owner: ClientOwner): Operation<Unconfirmed> {
  return {
    number: 35,
    name: 'SETCLIENTID',
    encode: (writer) => {
      writer.fixed(owner.verifier).text(owner.id)
      writer.u32(0x4000_0000).text('tcp').text('0.0.0.0.0.0').u32(0)
    },
    decode: (reader) => ({ clientId: reader.u64(), confirm: reader.fixed(8) }),
  }
}

/** SETCLIENTID_CONFIRM (RFC 7530 16.34). */
export function setClientIdConfirm({ clientId, confirm }: Unconfirmed): Operation<void> {
  return {
    number: 36,
    name: 'SETCLIENTID_CONFIRM',
    encode: (writer) => {
      writer.u64(clientId).fixed(confirm)
    },
    decode: () => {},
  }
}

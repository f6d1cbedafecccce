import { XdrWriter } from './xdr-writer.ts'

/** Who calls: the flavor and its body, as they stand in a call (RFC 5531 8.2). */
export type Credential = { flavor: number; body: Uint8Array }

/** AUTH_NONE: nobody in particular. */
export const authNone: Readonly<Credential> = { flavor: 0, body: new Uint8Array(0) }

/** AUTH_SYS for root of the machine named (RFC 5531, appendix A). */
export function authSys(machineName: string, stamp: number): Credential {
  const writer = new XdrWriter(64)
    .u32(stamp)
    .opaque(Buffer.from(machineName, 'utf8').subarray(0, 255))
    .u32(0)
    .u32(0)
    .u32(0)
  return { flavor: 1, body: writer.done() }
}

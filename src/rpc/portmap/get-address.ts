import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure, Program } from '../procedure.ts'
import { universalAddressPort } from './universal-address.ts'

/** rpcbind, which took the portmapper's place, in a version that knows IPv6 (RFC 1833 2). */
export const rpcbind = (version: 3 | 4): Program => ({ number: 100_000, version })

/** A program that is looked for, and the transport by the name that rpcbind has for it. */
export type WantedAddress = { program: Program; netid: 'tcp' | 'udp' | 'tcp6' | 'udp6' }

/** RPCBPROC_GETADDR (RFC 1833 2.2.1): the port in a program's address, 0 where it is not registered. */
export const getAddress: Readonly<Procedure<WantedAddress, number>> = {
  number: 3,
  encode: (writer, { program, netid }) => {
    writer.u32(program.number).u32(program.version).text(netid).text('').text('')
  },
  decode: (reader) => {
    const address = reader.text(256)
    if (address === '') return 0
    const port = universalAddressPort(address)
    if (port === undefined) throw new MalformedError('no universal address')
    return port
  },
}

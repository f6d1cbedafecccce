import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure, Program } from '../procedure.ts'

/** The portmapper, version 2 (RFC 1833 3). */
export const portmapper: Readonly<Program> = { number: 100_000, version: 2 }

/** A program that is looked for, and how it is to be reached. */
export type Wanted = { program: Program; protocol: 'tcp' | 'udp' }

const protocolNumbers = { tcp: 6, udp: 17 } as const

/** PMAPPROC_GETPORT (RFC 1833 3.1): the port of a program, 0 where it is not registered. */
export const getPort: Readonly<Procedure<Wanted, number>> = {
  number: 3,
  encode: (writer, { program, protocol }) => {
    writer.u32(program.number).u32(program.version).u32(protocolNumbers[protocol]).u32(0)
  },
  decode: (reader) => {
    const port = reader.u32()
    if (port > 0xffff) throw new MalformedError(`port ${port}`)
    return port
  },
}

import { MalformedError } from '../wire/malformed-error.ts'
import { Writer } from '../wire/writer.ts'
import type { Conversation } from './conversation.ts'
import { DcerpcError } from './dcerpc-error.ts'
import { type Syntax, uuidBytes } from './interface.ts'
import { NdrReader } from './ndr-reader.ts'

/** The interface of the server service, on the pipe of its name ([MS-SRVS] 1.9). */
export const srvsvc: Readonly<Syntax> = {
  uuid: uuidBytes('4b324fc8-1670-01d3-1278-5a47bf6ee188'),
  major: 3,
  minor: 0,
}

/** A share as a server lists it (SHARE_INFO_1, [MS-SRVS] 2.2.4.23). */
export type ListedShare = { name: string; type: number; comment: string }

/** One answer: shares, how many there are in all, and where to go on if that was not all. */
export type SharePage = { shares: ListedShare[]; total: number; resume: number; hasMore: boolean }

const netShareEnum = 15
const level = 1
const noLimit = 0xffff_ffff
const moreData = 234
/** Servers that heed no limit answer in one page; the others get so many. */
const mostPages = 256

/** Lists all shares of a server (NetrShareEnum, [MS-SRVS] 3.1.4.8); throws a DcerpcError where it may not. */
export async function listAllShares(
  conversation: Conversation,
  server: string,
): Promise<ListedShare[]> {
  const all: ListedShare[] = []
  let resume = 0
  for (let page = 1; page <= mostPages; page++) {
    const input = encodeNetShareEnum(server, resume)
    const found = decodeNetShareEnum(await conversation.call(netShareEnum, input))
    all.push(...found.shares)
    if (!found.hasMore) {
      if (page === 1 && found.total > all.length) {
        throw new MalformedError(`${all.length} shares of ${found.total}`)
      }
      return all
    }
    if (found.shares.length === 0 || found.resume === resume) {
      throw new MalformedError('a list of shares that does not go on')
    }
    resume = found.resume
  }
  throw new MalformedError(`more than ${mostPages} pages of shares`)
}

/** The input of NetrShareEnum, for names, types and comments. */
export function encodeNetShareEnum(server: string, resume: number): Buffer {
  const name = Buffer.from(`\\\\${server}\0`, 'utf16le')
  const characters = name.length / 2
  return new Writer(96 + name.length)
    .u32le(0x0002_0000)
    .u32le(characters)
    .u32le(0)
    .u32le(characters)
    .put(name)
    .align(4)
    .u32le(level)
    .u32le(level) // the arm of the union
    .u32le(0x0002_0004)
    .u32le(0) // room for no entries: the server makes it
    .u32le(0)
    .u32le(noLimit)
    .u32le(0x0002_0008)
    .u32le(resume)
    .done()
}

/** Decodes the output of NetrShareEnum. */
export function decodeNetShareEnum(output: Buffer): SharePage {
  const reader = new NdrReader(output)
  const [itsLevel, arm] = [reader.u32(), reader.u32()]
  if (itsLevel !== level || arm !== level) throw new MalformedError(`shares at level ${itsLevel}`)
  const shares = reader.pointer() ? decodeContainer(reader) : []
  const total = reader.u32()
  const resume = reader.pointer() ? reader.u32() : 0
  const status = reader.u32()
  if (status !== 0 && status !== moreData) throw new DcerpcError('status', status)
  return { shares, total, resume, hasMore: status === moreData }
}

/** SHARE_INFO_1_CONTAINER ([MS-SRVS] 2.2.4.33): first every entry, then what their pointers lead to. */
function decodeContainer(reader: NdrReader): ListedShare[] {
  const count = reader.u32()
  if (!reader.pointer()) {
    if (count !== 0) throw new MalformedError(`${count} shares, and none there`)
    return []
  }
  if (reader.u32() !== count) throw new MalformedError('an array of another size')
  const heads: { hasName: boolean; type: number; hasComment: boolean }[] = []
  for (let at = 0; at < count; at++) {
    heads.push({ hasName: reader.pointer(), type: reader.u32(), hasComment: reader.pointer() })
  }
  return heads.map(({ hasName, type, hasComment }) => {
    if (!hasName) throw new MalformedError('a share without a name')
    return { name: reader.text(), type, comment: hasComment ? reader.text() : '' }
  })
}

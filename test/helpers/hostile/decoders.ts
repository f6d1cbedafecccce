import { decodeBindAck, decodeBindNak } from '../../../src/dcerpc/bind.ts'
import { decodeFragment } from '../../../src/dcerpc/fragment.ts'
import { decodeNetShareEnum } from '../../../src/dcerpc/net-share-enum.ts'
import { decodeNtlmChallenge } from '../../../src/smb/auth/ntlm-challenge.ts'
import { decodeSpnegoResponse } from '../../../src/smb/auth/spnego.ts'
import { decodeTargetInfo } from '../../../src/smb/auth/target-info.ts'
import { decodeClose } from '../../../src/smb/commands/close.ts'
import { decodeCreate } from '../../../src/smb/commands/create.ts'
import { decodeEmptyBody } from '../../../src/smb/commands/empty-body.ts'
import { decodeNegotiate } from '../../../src/smb/commands/negotiate.ts'
import { decodeQueryDirectory } from '../../../src/smb/commands/query-directory.ts'
import { decodePipeTransceive } from '../../../src/smb/commands/pipe-transceive.ts'
import { decodeRead } from '../../../src/smb/commands/read.ts'
import { decodeSessionSetup } from '../../../src/smb/commands/session-setup.ts'
import { decodeTreeConnect } from '../../../src/smb/commands/tree-connect.ts'
import { decodeValidateNegotiate } from '../../../src/smb/commands/validate-negotiate.ts'
import { decodeWrite } from '../../../src/smb/commands/write.ts'
import { decodeHeader, headerBytes } from '../../../src/smb/header.ts'
import { decodeChosenContexts } from '../../../src/smb/negotiate-context.ts'
import { Sealer } from '../../../src/smb/sealing.ts'
import { Signer } from '../../../src/smb/signing.ts'
import { exportList } from '../../../src/rpc/mount/export.ts'
import { mnt } from '../../../src/rpc/mount/mnt.ts'
import { create as create3 } from '../../../src/rpc/nfs3/create.ts'
import { getattr as getattr3 } from '../../../src/rpc/nfs3/getattr.ts'
import { lookup as lookup3 } from '../../../src/rpc/nfs3/lookup.ts'
import { read as read3 } from '../../../src/rpc/nfs3/read.ts'
import { readdir as readdir3 } from '../../../src/rpc/nfs3/readdir.ts'
import { readdirplus } from '../../../src/rpc/nfs3/readdirplus.ts'
import { remove as remove3 } from '../../../src/rpc/nfs3/remove.ts'
import { write as write3 } from '../../../src/rpc/nfs3/write.ts'
import { compound } from '../../../src/rpc/nfs4/compound.ts'
import { createSession } from '../../../src/rpc/nfs4/create-session.ts'
import { exchangeId } from '../../../src/rpc/nfs4/exchange-id.ts'
import { getFh, lookup, putFh, putRootFh } from '../../../src/rpc/nfs4/file-handle.ts'
import { getattr } from '../../../src/rpc/nfs4/getattr.ts'
import { close, open, openConfirm } from '../../../src/rpc/nfs4/open.ts'
import type { Operation } from '../../../src/rpc/nfs4/operation.ts'
import { read, write } from '../../../src/rpc/nfs4/read-write.ts'
import { fromTheStart, listDirectory, lookAt } from '../../../src/rpc/nfs4/list-directory.ts'
import { readdir } from '../../../src/rpc/nfs4/readdir.ts'
import { remove } from '../../../src/rpc/nfs4/remove.ts'
import { sequence } from '../../../src/rpc/nfs4/sequence.ts'
import { setClientId } from '../../../src/rpc/nfs4/set-client-id.ts'
import { getAddress } from '../../../src/rpc/portmap/get-address.ts'
import { getPort } from '../../../src/rpc/portmap/get-port.ts'
import { openResults, replyTo } from '../../../src/rpc/reply.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { Reader } from '../../../src/wire/reader.ts'
import {
  dataBody,
  nameEntry,
  negotiateBody,
  pipeBody,
  sessionBody,
  validateBody,
} from '../smb-server-bodies.ts'
import { seal } from '../smb-server-crypto.ts'
import { ntlmChallenge, spnegoChallenge } from '../smb-server-login.ts'
import { header } from '../smb-server.ts'
import { bindAck, enumOutput, output, response } from '../srvsvc.ts'
import { Arguments, Message } from './message.ts'
import { mountAnswer, nfs3Answer } from './nfs3-answers.ts'
import { compoundAnswer } from './nfs4-answers.ts'
import { World } from './nfs-world.ts'

/** Something that makes data of bytes from the wire, and bytes that it takes. */
export type Decoder = {
  name: string
  examples: readonly Buffer[]
  decode: (bytes: Buffer) => unknown
}

const zeroKey = Buffer.alloc(16)
const behindHeader = (body: Buffer) => Buffer.concat([Buffer.alloc(headerBytes), body])

/** A body of SMB, whose offsets count from the start of its message. */
function smbBody(name: string, decode: (body: Reader) => unknown, ...bodies: Buffer[]): Decoder {
  return {
    name: `SMB ${name}`,
    examples: bodies.map(behindHeader),
    decode: (bytes) => decode(new Reader(bytes, Math.min(headerBytes, bytes.length))),
  }
}

function zeros(size: number, bytes: number): Buffer {
  const body = Buffer.alloc(bytes)
  body.writeUInt16LE(size)
  return body
}

const choices = [
  { dialect: 0x0311, cipher: 2, signing: 2 },
  { dialect: 0x0302, cipher: 1, signing: 1 },
]

const targetInfo = ntlmChallenge().subarray(56)

const smbDecoders: readonly Decoder[] = [
  {
    name: 'SMB header',
    examples: [header({ command: 3, messageId: 7n, treeId: 1, sessionId: 2n })],
    decode: (bytes) => decodeHeader(new Reader(bytes)),
  },
  smbBody('NEGOTIATE', decodeNegotiate, ...choices.map((choice) => negotiateBody(choice))),
  smbBody(
    'NEGOTIATE contexts',
    (body) => decodeChosenContexts(decodeNegotiate(body).contexts),
    ...choices.slice(0, 1).map((choice) => negotiateBody(choice)),
  ),
  smbBody(
    'SESSION_SETUP',
    decodeSessionSetup,
    sessionBody(0, spnegoChallenge(ntlmChallenge())),
    sessionBody(1, Buffer.alloc(0)),
  ),
  {
    name: 'SPNEGO',
    examples: [spnegoChallenge(ntlmChallenge()), spnegoChallenge(Buffer.alloc(3))],
    decode: decodeSpnegoResponse,
  },
  {
    name: 'NTLM challenge',
    examples: [ntlmChallenge(), ntlmChallenge({ timestamp: false })],
    decode: decodeNtlmChallenge,
  },
  { name: 'NTLM target information', examples: [targetInfo], decode: decodeTargetInfo },
  smbBody(
    'TREE_CONNECT',
    decodeTreeConnect,
    Buffer.from('10000100000000000000000000000000', 'hex'),
  ),
  smbBody('IOCTL', decodeValidateNegotiate, ...choices.map((choice) => validateBody(choice))),
  smbBody('IOCTL of a pipe', decodePipeTransceive, pipeBody(response), pipeBody(Buffer.alloc(0))),
  smbBody('CREATE', decodeCreate, zeros(89, 88)),
  smbBody('CLOSE', decodeClose, zeros(60, 60)),
  smbBody('READ', decodeRead, dataBody(17, Buffer.from('content')), dataBody(17, Buffer.alloc(0))),
  smbBody('WRITE', decodeWrite, zeros(17, 16)),
  smbBody(
    'QUERY_DIRECTORY',
    decodeQueryDirectory,
    dataBody(9, Buffer.concat([nameEntry('.', false), nameEntry('a.txt', true)])),
  ),
  smbBody('LOGOFF', decodeEmptyBody, zeros(4, 4)),
  ...([1, 2] as const).map((cipher): Decoder => ({
    name: `SMB sealed with cipher ${cipher}`,
    examples: [seal(cipher, zeroKey, 5n, Buffer.from('a message'), 1)],
    decode: (bytes) => new Sealer(cipher, zeroKey, zeroKey, 5n).open(bytes),
  })),
  ...([0, 1, 2] as const).map((algorithm): Decoder => ({
    name: `SMB signed with algorithm ${algorithm}`,
    examples: [header({ command: 3, messageId: 7n, flags: 9 })],
    // A signature is looked at only after the header.
    decode: (bytes) => {
      decodeHeader(new Reader(bytes))
      return new Signer(algorithm, zeroKey).verify(bytes)
    },
  })),
]

type Decodes = { decode: (reader: XdrReader) => unknown }

function rpc(name: string, { decode }: Decodes, ...examples: Buffer[]): Decoder {
  return { name, examples, decode: (bytes) => decode(new XdrReader(bytes)) }
}

const world = new World()

function answer3(procedure: number, ...parts: (Buffer | number)[]): Buffer {
  return (
    nfs3Answer(procedure, new Arguments(asked(world.rootHandle, ...parts)), world)?.bytes ?? asked()
  )
}

/** Arguments: bytes behind their number, numbers as they are. */
function asked(...parts: (Buffer | number)[]): Buffer {
  const message = new Message()
  for (const part of parts) {
    if (typeof part === 'number') message.word('number', part)
    else message.opaque('bytes', part, 'bad')
  }
  return message.bytes
}

const nfs3Decoders: readonly Decoder[] = [
  rpc('portmap GETPORT', getPort, asked(2049)),
  rpc('rpcbind GETADDR', getAddress, asked(Buffer.from('127.0.0.1.8.1')), asked(Buffer.alloc(0))),
  rpc(
    'MOUNT MNT',
    mnt,
    mountAnswer(1, new Arguments(asked(Buffer.from(world.directory))), world)?.bytes ?? asked(),
  ),
  rpc(
    'MOUNT EXPORT',
    exportList,
    asked(
      1,
      Buffer.from('/srv'),
      1,
      Buffer.from('lab'),
      1,
      Buffer.from('*'),
      0,
      1,
      Buffer.from('/'),
      0,
      0,
    ),
  ),
  rpc('NFS 3 GETATTR', getattr3, answer3(1)),
  rpc('NFS 3 LOOKUP', lookup3, answer3(3, Buffer.from('a.txt'))),
  rpc('NFS 3 READ', read3(4096), asked(0, 0, 5, 1, Buffer.from('hello'))),
  rpc('NFS 3 READDIRPLUS', readdirplus, answer3(17)),
  rpc('NFS 3 READDIR', readdir3, asked(0, 0, 0, 9, 1, 0, 7, Buffer.from('a.txt'), 0, 1, 0, 1)),
  rpc('NFS 3 CREATE', create3, answer3(8, Buffer.from('sample'))),
  rpc('NFS 3 WRITE', write3, answer3(7, 0, 0, 3, 2, Buffer.from('abc'))),
  rpc('NFS 3 REMOVE', remove3, answer3(12, Buffer.from('sample'))),
  {
    name: 'RPC reply',
    examples: [
      asked(7, 1, 0, 0, 0, 0),
      asked(7, 1, 0, 0, 0, 2, 3, 4),
      asked(7, 1, 1, 1, 2),
      asked(7, 1, 1, 0, 2, 2),
    ],
    decode: (bytes) => {
      const reader = replyTo(7, bytes)
      if (reader !== undefined) openResults(reader)
    },
  },
]

const owner = { id: 'me', verifier: Buffer.alloc(8) }
const opening = {
  clientId: 5n,
  owner: 'me',
  name: 'f',
  access: 'read',
  refuseDelegation: true,
} as const
const id16 = Buffer.alloc(16, 7)

/** A compound with one operation of the kind, after others that are simple. */
function operation(example: Buffer, ...operations: Operation<unknown>[]): Decoder {
  const name = operations.map((each) => each.name).join(' ')
  return rpc(`NFS 4 ${name}`, compound(1, operations), example)
}

function results(...parts: [number, ...(Buffer | number)[]][]): Buffer {
  const bodies = parts.map(([number, ...rest]) =>
    Buffer.concat([asked(number, 0), ...rest.map(raw)]),
  )
  return Buffer.concat([asked(0, 0, parts.length), ...bodies])
}

function raw(part: Buffer | number): Buffer {
  return typeof part === 'number' ? asked(part) : part
}

const noDelegation = [id16, 0, 0, 0, 0, 0, 0, 0, 0]
const fixedPart = [0, 5, 1, 0, 0, 0, 0]
const foreChannel = [0, 1, 1, 0, 8, 1, 1, 9]
const backChannel = [0, 1, 1, 0, 8, 1, 0]
const ace = [0, 0, 0, asked(Buffer.from('who'))]

const dcerpcDecoders: readonly Decoder[] = [
  { name: 'DCE/RPC fragment', examples: [response], decode: (bytes) => decodeFragment(bytes, 2) },
  { name: 'DCE/RPC BIND_ACK', examples: [bindAck.subarray(16)], decode: decodeBindAck },
  {
    name: 'DCE/RPC BIND_NAK',
    examples: [Buffer.from([4, 0])],
    decode: (bytes) => decodeBindNak(bytes).number,
  },
  {
    name: 'SRVSVC NetrShareEnum',
    examples: [output, enumOutput([])],
    decode: decodeNetShareEnum,
  },
]

const attributes4 = [1, 0x0008_0102, asked(Buffer.from(asked(2, 0, 7, 0, 8, id16)))]

const nfs4Decoders: readonly Decoder[] = [
  operation(
    compoundAnswer(
      new Arguments(asked(0, 0, 4, 24, 15, Buffer.from('srv'), 15, Buffer.from('data'), 10)),
      world,
      [0],
    ).bytes,
    putRootFh,
    lookup('srv'),
    lookup('data'),
    getFh,
  ),
  operation(results([22], [9, 1, 2, 4, 2]), putFh(id16), getattr),
  operation(results([26, 0, 0, 1, 0, 1, asked(Buffer.from('name')), 1, 2, 4, 1, 0, 1]), readdir),
  operation(results([9, ...attributes4]), lookAt),
  operation(
    results([26, 0, 0, 1, 0, 1, asked(Buffer.from('name')), ...attributes4, 0, 1]),
    listDirectory(fromTheStart),
  ),
  operation(results([25, 1, asked(Buffer.from('hello'))]), read(id16, 4096)),
  operation(results([38, 5, 2, 0, 0]), write(id16, Buffer.from('hello'))),
  operation(results([18, ...noDelegation]), open(opening)),
  operation(results([18, id16, 0, 0, 0, 0, 0, 4, 1, 2, 1, id16, 0, ...ace]), open(opening)),
  operation(results([18, id16, 0, 0, 0, 0, 0, 4, 0, 2, id16, 0, 1, 0, 9, ...ace]), open(opening)),
  operation(results([18, id16, 0, 0, 0, 0, 0, 4, 0, 3, 2, 1]), open(opening)),
  operation(results([20, id16]), openConfirm(id16, 1)),
  operation(results([4, id16]), close(id16, 1)),
  operation(results([28, 0, 0, 0, 0, 0]), remove('f')),
  operation(results([53, id16, 1, 0, 0, 0, 0]), sequence(id16, 1)),
  operation(results([35, 0, 5, 0, 6]), setClientId(owner)),
  operation(
    results([
      42,
      ...fixedPart,
      asked(Buffer.from('major')),
      asked(Buffer.from('scope')),
      1,
      asked(Buffer.from('domain')),
      asked(Buffer.from('name')),
      0,
      0,
      0,
    ]),
    exchangeId(owner),
  ),
  operation(
    results([43, id16, 1, 0, ...foreChannel, ...backChannel]),
    createSession({ clientId: 5n, sequenceId: 1 }),
  ),
]

/** All that read what a server has sent. */
export const decoders: readonly Decoder[] = [
  ...smbDecoders,
  ...dcerpcDecoders,
  ...nfs3Decoders,
  ...nfs4Decoders,
]

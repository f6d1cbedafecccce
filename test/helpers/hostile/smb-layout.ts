import type { Step } from '../smb-server.ts'
import type { Field, Verdict } from './field.ts'
import type { SmbRun } from './smb-run.ts'

// What is in an answer that nobody protects, or that the server itself changed before it protected it;
// a byte that is not named here must not change. Whatever is signed, sealed or hashed has no such list.

type Judge = Field['judge']

const field = (name: string, at: number, bytes: number, judge: Judge, why?: string): Field =>
  why === undefined ? { name, at, bytes, judge } : { name, at, bytes, judge, why }

const free = (name: string, at: number, bytes: number, why: string): Field =>
  field(name, at, bytes, 'good', why)

const firm = (name: string, at: number, bytes: number): Field => field(name, at, bytes, 'bad')

const loose = (name: string, at: number, bytes: number, why: string): Field =>
  field(name, at, bytes, 'either', why)

const reserved = 'reserved: to be ignored'
const notAsked = 'we asked for nothing of the kind'
const clock = "the server's clock is its own affair"

/** The parts of an answer, and which of them matter. */
export function layoutOf(step: Step, message: Buffer, run: SmbRun): Field[] {
  if (step === 'netbios') return []
  return [...headerOf(step, run), ...bodyOf(step, message, run)]
}

function headerOf(step: Step, run: SmbRun): Field[] {
  const isTree = step === 'tree'
  return [
    firm('protocol id', 0, 4),
    firm('header size', 4, 2),
    free('credit charge', 6, 2, 'it repeats ours; credits are counted by what is granted'),
    firm('status', 8, 4),
    firm('command', 12, 2),
    field(
      'credits',
      14,
      2,
      (value) => (value === 0n && step === 'negotiate' ? 'bad' : 'good'),
      'any number will do while there is one left to go on with',
    ),
    field(
      'flags',
      16,
      4,
      (value, was) => {
        if ((value & 1n) === 0n) return 'bad'
        // The tree's id would stand where the async one does then.
        if (((value ^ was) & 2n) !== 0n) return isTree ? 'bad' : 'either'
        return 'good'
      },
      'related, signed without a key, priority, DFS, replay: they say nothing about the answer',
    ),
    firm('next command', 20, 4),
    firm('message id', 24, 8),
    free('process id', 32, 4, reserved),
    field(
      'tree id',
      36,
      4,
      run.who === 'user' && isTree ? 'either' : 'bad',
      'a tree has the id that its server gives it, which this one then does not know',
    ),
    firm('session id', 40, 8),
    free('signature', 48, 16, 'of a message that is not signed'),
  ]
}

function bodyOf(step: Step, message: Buffer, run: SmbRun): Field[] {
  switch (step) {
    case 'netbios':
    // No check asks a pipe; what asks is lied to elsewhere.
    case 'pipe':
      return []
    case 'negotiate':
      return negotiateBody(message, run)
    case 'challenge':
      return challengeBody(message, run)
    case 'session':
      return sessionBody(message, run)
    case 'tree':
      return treeBody(run)
    case 'validate':
      return validateBody(message)
    case 'create':
      return [
        free('oplock level', 66, 1, notAsked),
        free('flags', 67, 1, notAsked),
        free('create action', 68, 4, 'the status has said that it was done'),
        free('times', 72, 32, clock),
        free('sizes', 104, 16, 'what is in it shows when it is read'),
        free('attributes', 120, 4, 'what kind it is to be was asked, and granted'),
        free('reserved', 124, 4, reserved),
        firm('file id', 128, 16),
        free('contexts', 144, 8, notAsked),
      ]
    case 'close':
      return [free('all but the size', 66, 58, notAsked)]
    case 'read':
      return readBody(message, run)
    case 'write':
      return [
        free('reserved', 66, 2, reserved),
        firm('count', 68, 4),
        free('remaining and channel', 72, 8, reserved),
      ]
    case 'list':
      return listBody(message)
    case 'disconnect':
    case 'logoff':
      return [free('reserved', 66, 2, reserved)]
  }
}

function negotiateBody(message: Buffer, run: SmbRun): Field[] {
  const is311 = run.dialect === 0x0311
  // Below 3.1.1 a user's client has this repeated under a signature.
  const isRepeated = run.who === 'user' && !is311
  const repeated = (name: string, at: number, bytes: number): Field =>
    isRepeated ? firm(name, at, bytes) : free(name, at, bytes, 'what it says of itself, and may')
  return [
    repeated('security mode', 66, 2),
    field(
      'dialect',
      68,
      2,
      // Without a key nobody can tell that it is not the one the server meant.
      (value) =>
        run.who !== 'user' && [0x202n, 0x210n, 0x300n, 0x302n].includes(value) ? 'either' : 'bad',
      'another one that was offered',
    ),
    is311 ? contextCount(run) : free('context count', 70, 2, reserved),
    repeated('server GUID', 72, 16),
    repeated('capabilities', 88, 4),
    free('greatest sizes', 92, 12, 'a check asks for less than the least that they may be'),
    free('times', 104, 16, clock),
    loose('security buffer', 120, 4, 'what it holds is a hint; it must be within the message'),
    ...(is311
      ? [
          loose('context offset', 124, 4, 'within a multiple of eight it leads to the same place'),
          ...contexts(message, run),
        ]
      : [free('reserved', 124, 4, reserved)]),
  ]
}

function contextCount(run: SmbRun): Field {
  return field(
    'context count',
    70,
    2,
    (value, was) =>
      value > 0n && value < was && run.who !== 'user'
        ? 'good'
        : value > 0n && value < was
          ? 'either'
          : 'bad',
    'fewer of them are fewer abilities, as long as the hash is among them',
  )
}

/** Preauthentication, encryption, signing; the first two filled up to a multiple of eight. */
function contexts(message: Buffer, run: SmbRun): Field[] {
  const isUser = run.who === 'user'
  const fields: Field[] = []
  for (let at = 128; at < message.length;) {
    const type = message.readUInt16LE(at)
    const length = message.readUInt16LE(at + 2)
    const inner = at + 8
    const optional: Judge = isUser
      ? 'either'
      : (value) => (value === 1n || value === 2n || value === 8n ? 'either' : 'good')
    fields.push(
      type === 1
        ? firm('type of the hash', at, 2)
        : field('type', at, 2, optional, 'contexts of other types are to be ignored'),
      loose('length', at + 2, 2, 'within a multiple of eight it leads to the same place'),
      free('reserved', at + 4, 4, reserved),
      firm('count', inner, 2),
    )
    if (type === 1) {
      fields.push(
        free('length of the salt', inner + 2, 2, 'the salt has done its work in the hash'),
        firm('hash', inner + 4, 2),
        free('salt', inner + 6, 4, 'any will do'),
      )
    }
    if (type === 2) {
      const judge = (value: bigint): Verdict => {
        if (value > 4n) return 'bad'
        return isUser ? 'either' : 'good'
      }
      fields.push(field('cipher', inner + 2, 2, judge, 'one that was offered, and is not used'))
    }
    if (type === 8) {
      const judge = (value: bigint): Verdict => (value > 2n || isUser ? 'bad' : 'good')
      fields.push(field('signing', inner + 2, 2, judge, 'one that was offered, and is not used'))
    }
    const next = inner + Math.ceil(length / 8) * 8
    if (next < message.length)
      fields.push(free('padding', inner + length, next - inner - length, reserved))
    at = next
  }
  return fields
}

function challengeBody(message: Buffer, run: SmbRun): Field[] {
  const ntlm = message.indexOf('NTLMSSP\0', 0, 'latin1')
  const token = message.readUInt16LE(68)
  const isUser = run.who === 'user'
  const fields = [
    free('session flags', 66, 2, 'they count once the login is done'),
    firm('token place', 68, 4),
    ...spnegoAround(message, token, ntlm),
  ]
  // A user's server finds in the code over all three messages that this one is not its own.
  if (isUser) return [...fields, firm('NTLM', ntlm, message.length - ntlm)]
  const info = ntlm + message.readUInt32LE(ntlm + 44)
  return [
    ...fields,
    firm('signature and type', ntlm, 12),
    free('target name', ntlm + 12, 8, 'the target information has it as well'),
    field('NTLM flags', ntlm + 20, 4, ntlmFlags, 'what it can do beyond what is indispensable'),
    free('server challenge', ntlm + 24, 8, 'any will do'),
    free('reserved', ntlm + 32, 8, reserved),
    field(
      'target information length',
      ntlm + 40,
      2,
      (value) => (value === 0n ? 'either' : 'bad'),
      'a server may have nothing to say of itself',
    ),
    free('its room', ntlm + 42, 2, reserved),
    loose('its offset', ntlm + 44, 4, 'within the message there may be an empty list as well'),
    free('version', ntlm + 48, 8, 'for debugging alone'),
    ...pairs(message, info),
  ]
}

function ntlmFlags(value: bigint): Verdict {
  const indispensable = 0x2008_0001n
  if ((value & indispensable) !== indispensable) return 'bad'
  return 'good'
}

function pairs(message: Buffer, info: number): Field[] {
  const fields: Field[] = []
  for (let at = info; ;) {
    const id = message.readUInt16LE(at)
    const length = message.readUInt16LE(at + 2)
    if (id === 0) return [...fields, firm('end of the pairs', at, 4)]
    const judge: Judge = (value) => (value === 0n ? 'bad' : 'good')
    fields.push(
      field('pair', at, 2, judge, 'pairs that are not known go back as they came'),
      loose('its length', at + 2, 2, 'at the end of another pair it leads on as well'),
      free('its value', at + 4, length, 'names and times are the server’s'),
    )
    at += 4 + length
  }
}

/** a1, 30, then a0 (state), a1 (mechanism), a2 with 04 and the token in it. */
function spnegoAround(message: Buffer, start: number, ntlm: number): Field[] {
  const state = message.indexOf(Buffer.from('a0030a01', 'hex'), start)
  const mechanism = message.indexOf(Buffer.from('a10c060a', 'hex'), start)
  const token = mechanism + 14
  return [
    firm('outer frame', start, state - start),
    loose('state', state, mechanism - state, 'the token that comes with it counts'),
    loose('mechanism', mechanism, token - mechanism, 'the token that comes with it counts'),
    firm('token frame', token, ntlm - token),
  ]
}

function sessionBody(message: Buffer, run: SmbRun): Field[] {
  const token = message.readUInt16LE(68)
  return [
    field(
      'session flags',
      66,
      2,
      (value) => {
        if (run.who === 'anonymous') return 'good'
        if (run.who === 'guest')
          return (value & 3n) === 0n ? 'bad' : (value & 1n) === 1n ? 'good' : 'either'
        if ((value & 3n) !== 0n) return 'bad'
        return (value & 4n) !== 0n || run.sealedFrom === 'session' ? 'either' : 'good'
      },
      'reserved bits, and the one that demands what the server can do',
    ),
    loose('token place', 68, 4, 'it must be within the message'),
    loose(
      'token',
      token,
      message.length - token,
      'the status has said it, and the signature proves it',
    ),
  ]
}

function treeBody(run: SmbRun): Field[] {
  return [
    field(
      'share type',
      66,
      1,
      (value) => (value === 3n && run.depth === 'share' ? 'good' : 'bad'),
      'a printer share will do where no file is wanted',
    ),
    free('reserved', 67, 1, reserved),
    field(
      'share flags',
      68,
      4,
      (value, was) => {
        if (((value ^ was) & 0x8000n) === 0n) return 'good'
        return run.who === 'user' && run.dialect >= 0x300 ? 'either' : 'bad'
      },
      'caching, DFS and the like; the one that demands sealing has to be obeyed',
    ),
    free('capabilities', 72, 4, 'what the share can do besides'),
    free('greatest access', 76, 4, 'shows when access is wanted'),
  ]
}

function validateBody(message: Buffer): Field[] {
  return [
    free('reserved', 66, 2, reserved),
    firm('control code', 68, 4),
    free('file id', 72, 16, 'there is no file'),
    free('input', 88, 8, 'it repeats nothing'),
    firm('output', 96, 8),
    free('flags and reserved', 104, 8, reserved),
    firm('what is repeated', 112, message.length - 112),
  ]
}

function readBody(message: Buffer, run: SmbRun): Field[] {
  // What was read back has to be what was written, all of it.
  const isReadBack = message.length > 1000
  const content = isReadBack
    ? firm
    : (name: string, at: number, bytes: number) =>
        free(name, at, bytes, `what is in the file (${run.path ?? ''}) is not known beforehand`)
  return [
    firm('data offset', 66, 1),
    free('reserved', 67, 1, reserved),
    isReadBack
      ? firm('data length', 68, 4)
      : field(
          'data length',
          68,
          4,
          (value, was) => (value <= was ? 'good' : 'bad'),
          'a shorter file, and some padding',
        ),
    free('remaining and reserved', 72, 8, reserved),
    content('data', 80, message.length - 80),
  ]
}

function listBody(message: Buffer): Field[] {
  const fields = [firm('buffer place', 66, 6)]
  for (let at = 72; ;) {
    const next = message.readUInt32LE(at)
    const length = message.readUInt32LE(at + 8)
    fields.push(
      loose('next entry', at, 4, 'within the buffer and forward, it leads to some name or other'),
      free('file index', at + 4, 4, reserved),
      loose('name length', at + 8, 4, 'within the buffer it is some name or other'),
      free('name', at + 12, length, 'names are not known beforehand'),
    )
    const end = next === 0 ? message.length : at + next
    if (end > at + 12 + length) {
      fields.push(free('padding', at + 12 + length, end - at - 12 - length, reserved))
    }
    if (next === 0) return fields
    at += next
  }
}

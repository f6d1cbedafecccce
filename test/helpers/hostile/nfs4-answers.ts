import { type Arguments, Message } from './message.ts'
import type { World } from './nfs-world.ts'

const status = {
  badHandle: 10_001,
  notSupported: 10_004,
  minorMismatch: 10_021,
  staleClient: 10_022,
  badStateId: 10_025,
  noHandle: 10_020,
  badSession: 10_052,
  misordered: 10_063,
  notInSession: 10_071,
} as const

const names: Readonly<Record<number, string>> = {
  4: 'CLOSE',
  9: 'GETATTR',
  10: 'GETFH',
  15: 'LOOKUP',
  18: 'OPEN',
  20: 'OPEN_CONFIRM',
  22: 'PUTFH',
  24: 'PUTROOTFH',
  25: 'READ',
  26: 'READDIR',
  28: 'REMOVE',
  35: 'SETCLIENTID',
  36: 'SETCLIENTID_CONFIRM',
  38: 'WRITE',
  42: 'EXCHANGE_ID',
  43: 'CREATE_SESSION',
  44: 'DESTROY_SESSION',
  53: 'SEQUENCE',
  57: 'DESTROY_CLIENTID',
  58: 'RECLAIM_COMPLETE',
}

const withoutSession: ReadonlySet<number> = new Set([42, 43, 44, 57])
const change = 'before and after are told for caches, and there is none'
const notAsked = 'nothing of the kind was asked for'

type Result = number | Message

/** What a server of version 4 answers to a COMPOUND. */
export function compoundAnswer(args: Arguments, world: World, minors: readonly number[]): Message {
  args.opaque()
  const minor = args.word()
  const count = args.word()
  if (!minors.includes(minor)) return head(status.minorMismatch, 0)
  const state: State = { minor, world, handle: undefined, hasSession: false }
  const results = new Message()
  for (let done = 1; done <= count; done++) {
    const number = args.word()
    const result = perform(number, args, state)
    const itsStatus = typeof result === 'number' ? result : 0
    const name = names[number] ?? String(number)
    results.word(`${name}: number`, number).word(`${name}: status`, itsStatus)
    if (typeof result !== 'number') results.append(result)
    else if (result !== 0) return head(result, done).append(results)
  }
  return head(0, count).append(results)
}

function head(itsStatus: number, count: number): Message {
  return new Message()
    .word('status', itsStatus)
    .opaque('tag', Buffer.alloc(0), 'bad')
    .word('number of results', count)
}

type State = { minor: number; world: World; handle: Buffer | undefined; hasSession: boolean }

function perform(number: number, args: Arguments, state: State): Result {
  const { world, minor } = state
  const isSessionless = minor === 0 || withoutSession.has(number)
  if (number === 53) return sequence(args, state)
  if (!isSessionless && !state.hasSession) return status.notInSession
  switch (number) {
    case 24:
      state.handle = world.topHandle
      return 0
    case 22:
      state.handle = args.opaque()
      return world.knows(state.handle) ? 0 : status.badHandle
    case 15:
      state.handle = world.find(args.text())
      return state.handle === undefined ? 2 : 0
    case 35:
    case 36:
    case 42:
    case 43:
    case 44:
    case 57:
    case 58:
      return performOnClient(number, args, state)
    default:
      return state.handle === undefined
        ? status.noHandle
        : performOnHandle(number, args, state, state.handle)
  }
}

function sequence(args: Arguments, state: State): Result {
  const { world } = state
  const sessionId = args.fixed(16)
  const sequenceId = args.word()
  args.fixed(12)
  if (!sessionId.equals(world.sessionId)) return status.badSession
  if (sequenceId !== world.sequenceId) return status.misordered
  world.sequenceId++
  state.hasSession = true
  return new Message()
    .put('session id', world.sessionId)
    .word('sequence id', sequenceId)
    .word('slot', 0)
    .freeWords('slots and flags', 3, 'one slot is enough, and one check has no state to lose')
}

function performOnClient(number: number, args: Arguments, { world }: State): Result {
  const isOurs = () => args.fixed(8).equals(world.clientId)
  switch (number) {
    case 35:
      args.fixed(8)
      args.opaque()
      args.word()
      args.opaque()
      args.opaque()
      args.word()
      return new Message().put('client id', world.clientId).put('confirm', world.confirm)
    case 36: {
      const isKnown = isOurs()
      return args.fixed(8).equals(world.confirm) && isKnown ? 0 : status.staleClient
    }
    case 42:
      args.fixed(8)
      args.opaque()
      args.fixed(12)
      return exchanged(world)
    case 43: {
      const isKnown = isOurs()
      const sequenceId = args.word()
      args.fixed(4 + 28 + 28 + 12)
      world.sequenceId = 1
      if (sequenceId !== 5) return status.misordered
      return isKnown ? session(world) : status.staleClient
    }
    case 44:
      return args.fixed(16).equals(world.sessionId) ? 0 : status.badSession
    case 57:
      return isOurs() ? 0 : status.staleClient
    default:
      args.word()
      return 0
  }
}

function exchanged(world: World): Message {
  return new Message()
    .put('client id', world.clientId)
    .word('sequence id', 5)
    .freeWords('flags', 1, 'what else it can be used for')
    .word('state protection', 0)
    .freeWords('owner minor', 2, 'who it is matters to clients of several servers')
    .opaque('owner major', Buffer.from('server'), 'good', 'as before')
    .opaque('scope', Buffer.from('scope'), 'good', 'as before')
    .word('implementations', 0)
}

function session(world: World): Message {
  const message = new Message()
    .put('session id', world.sessionId)
    .freeWords('sequence id and flags', 2, notAsked)
  for (const channel of ['fore', 'back']) {
    message
      .freeWords(`${channel}: sizes`, 4, 'whatever a check asks is smaller than all of them', 4096)
      .word(
        `${channel}: operations`,
        16,
        'either',
        'fewer in one compound make more compounds, down to what cannot work',
      )
      .freeWords(`${channel}: requests`, 1, 'one at a time', 1)
      .word(`${channel}: rdma`, 0)
  }
  return message
}

function performOnHandle(number: number, args: Arguments, state: State, handle: Buffer): Result {
  const { minor, world } = state
  const stateIdIsKnown = () => {
    const stateId = args.fixed(16)
    return stateId.equals(world.stateId) || stateId.equals(Buffer.alloc(16))
  }
  switch (number) {
    case 10:
      return new Message().opaque('handle', handle, 'bad')
    case 9:
      args.words()
      return new Message()
        .word('bitmap length', 1)
        .word('bitmap', 2)
        .word('bytes of attributes', 4)
        .word('type', 2, (is) => (is < 1n || is > 9n ? 'bad' : 'good'), 'whatever is there will do')
    case 26:
      args.fixed(24)
      args.words()
      return list()
    case 25: {
      const isKnown = stateIdIsKnown()
      args.fixed(12)
      return isKnown ? read(world, handle) : status.badStateId
    }
    case 38: {
      const isKnown = stateIdIsKnown()
      args.fixed(12)
      world.sample = Buffer.from(args.opaque())
      return isKnown ? written(world) : status.badStateId
    }
    case 28:
      return world.remove(args.text()) === 0 ? changed() : 2
    case 18:
      return open(args, state)
    case 20: {
      const isKnown = stateIdIsKnown()
      args.word()
      if (minor > 0) return status.notSupported
      return isKnown ? new Message().put('state id', world.stateId) : status.badStateId
    }
    case 4: {
      args.word()
      return stateIdIsKnown()
        ? new Message().put('state id', world.stateId, 'good', 'it is no good any more in any case')
        : status.badStateId
    }
    default:
      return status.notSupported
  }
}

function changed(): Message {
  return new Message().freeWords('change', 5, change)
}

function read(world: World, handle: Buffer): Message {
  const judge = world.isSample(handle) ? 'bad' : 'good'
  return new Message()
    .freeBool('end of file', true, 'there may be more of it')
    .opaque('data', world.contentOf(handle), judge, 'what is in the file is not known beforehand')
}

function written(world: World): Message {
  return new Message()
    .word('count', world.sample.length)
    .word('committed', 2, (is) => (is > 2n ? 'bad' : 'good'), 'Linux takes a weaker one as well')
    .put('write verifier', Buffer.alloc(8, 1), 'good', 'nothing is left to be committed')
}

function list(): Message {
  const entries = ['a.txt', 'b'].reduce(
    (message, name) =>
      message
        .listWord('entry follows', 1)
        .freeWords('cookie', 2, 'nobody goes on from there')
        .listOpaque('name', Buffer.from(name))
        .listWord('bitmap length', 1)
        .word('bitmap', 2, 'good', 'what the attributes are is not looked at')
        .listOpaque('attributes', Buffer.from([0, 0, 0, 1])),
    new Message(),
  )
  return new Message()
    .freeWords('cookie verifier', 2, 'nobody goes on from there')
    .append(entries)
    .listWord('no more entries', 0)
    .freeBool('end of directory', true, 'there may be more of it')
}

function open(args: Arguments, state: State): Result {
  const { minor, world } = state
  args.fixed(12)
  const clientId = args.fixed(8)
  args.opaque()
  const isCreating = args.word() === 1
  if (isCreating) {
    args.word()
    args.words()
    args.opaque()
  }
  args.word()
  const name = args.text()
  if (isCreating) world.sampleName = name
  else if (world.find(name) === undefined) return 2
  if (!clientId.equals(world.clientId)) return status.staleClient
  state.handle = world.find(name)
  return new Message()
    .put('state id', world.stateId)
    .append(changed())
    .word(
      'flags',
      minor === 0 ? 2 : 0,
      // Confirmation is a thing of 4.0; without one this server minds nothing.
      (is) => (minor > 0 && (is & 2n) !== 0n ? 'bad' : 'good'),
      'locking and the like',
    )
    .word('bitmap length', 0)
    .word('delegation', 0)
}

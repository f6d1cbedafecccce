import type { Socket } from 'node:net'
import type { Test } from 'tap'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import { accepted, bytes, fattr3, opaque, u32, u64, wccData } from './rpc-bytes.ts'
import { type Call, type RpcServer, tcpRpcServer, udpRpcServer } from './rpc-server.ts'

/** What the server says to one kind of call: the whole reply, or undefined for silence. */
export type Reaction = (call: Call) => Buffer | undefined

/** An operation of a COMPOUND: its status, and if that is 0 its results. */
export type OperationReaction = (args: Buffer) => { status: number; results?: Buffer } | 'silence'

export interface FakeNfsOptions {
  /** By `program.procedure`, such as `nfs3.getattr`; in place of a healthy server's answer. */
  on?: Record<string, Reaction>
  /** By name, such as `LOOKUP`. */
  operations?: Record<string, OperationReaction>
  /** Minor versions that it has. */
  minors?: readonly number[]
  deliver?: (socket: Socket, reply: Buffer) => void
  protocol?: 'tcp' | 'udp'
}

/** A server whose data is the two files `hello.txt` and what a check writes. */
export class FakeNfs {
  /** The calls that came in, in order: `portmap.getport`, `nfs4.compound SEQUENCE PUTFH GETATTR` … */
  readonly log: string[] = []
  /** The content of what was written last. */
  sample: Buffer = Buffer.alloc(0)
  readonly options: FakeNfsOptions
  portmap!: RpcServer
  mount!: RpcServer
  nfs!: RpcServer

  private constructor(options: FakeNfsOptions) {
    this.options = options
  }

  static async start(t: Test, options: FakeNfsOptions = {}): Promise<FakeNfs> {
    const fake = new FakeNfs(options)
    const { deliver } = options
    const serve = () => {
      const answer = (call: Call) => fake.#answer(call)
      if (options.protocol === 'udp') return udpRpcServer(t, answer)
      return tcpRpcServer(t, answer, deliver === undefined ? {} : { deliver })
    }
    fake.nfs = await serve()
    fake.mount = await serve()
    fake.portmap = await serve()
    return fake
  }

  /** A check of this server. */
  target(more: Partial<NfsTarget> = {}): NfsTarget {
    return {
      host: '127.0.0.1',
      directory: '/srv/data',
      depth: 'share',
      version: '3',
      portmapPort: this.portmap.port,
      transport: this.options.protocol ?? 'tcp',
      machineName: 'tester',
      privileged: false,
      ...more,
    }
  }

  /** Where version 4 is. */
  get nfsPort(): number {
    return this.nfs.port
  }

  #answer(call: Call): Buffer | undefined {
    const name = nameOf(call)
    const compound = name === 'nfs4.compound' ? parseCompound(call.args) : undefined
    const operations = compound?.operations.map((operation) => operation.name) ?? []
    this.log.push([name, ...operations].join(' '))
    const reaction = this.options.on?.[name]
    if (reaction !== undefined) return reaction(call)
    const results = compound === undefined ? this.#results(name, call) : this.#compound(compound)
    return results === undefined ? undefined : accepted(call.xid, results)
  }

  #results(name: string, call: Call): Buffer {
    switch (name) {
      case 'portmap.getport': {
        const program = call.args.readUInt32BE(0)
        return u32(program === 100_003 ? this.nfs.port : this.mount.port)
      }
      case 'mount.mnt':
        return bytes(u32(0), opaque('root'), u32(1, 1))
      case 'nfs3.getattr':
        return bytes(u32(0), fattr3)
      case 'nfs3.lookup':
        return bytes(u32(0), opaque('file'), u32(0, 0))
      case 'nfs3.read': {
        const isSample = call.args.includes('sample')
        const content = isSample ? this.sample : Buffer.from('hello')
        return bytes(u32(0, 0, content.length, 1), opaque(content))
      }
      case 'nfs3.readdirplus':
        return bytes(u32(0, 0), u64(0n), u32(0, 1))
      case 'nfs3.readdir':
        return bytes(u32(0, 0), u64(0n), u32(0, 1))
      case 'nfs3.create':
        return bytes(u32(0, 1), opaque('sample'), u32(0), wccData)
      case 'nfs3.write':
        this.sample = call.args.subarray(-call.args.readUInt32BE(8 + 4 + 8))
        return bytes(u32(0), wccData, u32(this.sample.length, 2), u64(0n))
      case 'nfs3.remove':
        return bytes(u32(0), wccData)
      default:
        return u32()
    }
  }

  #compound({ minor, operations }: Compound): Buffer | undefined {
    const { minors = [0, 1, 2] } = this.options
    if (!minors.includes(minor)) return u32(10_021, 0, 0)
    const answers: Buffer[] = []
    for (const [index, { number, name, args }] of operations.entries()) {
      const scripted = this.options.operations?.[name]?.(args) ?? { status: 0 }
      if (scripted === 'silence') return undefined
      const { status, results = this.#operation(name, args) } = scripted
      answers.push(u32(number, status))
      if (status !== 0) return bytes(u32(status, 0, index + 1), ...answers)
      answers.push(results)
    }
    return bytes(u32(0, 0, operations.length), ...answers)
  }

  #operation(name: string, args: Buffer): Buffer {
    switch (name) {
      case 'GETFH':
        return opaque('handle')
      case 'GETATTR':
        return bytes(u32(1, 2), opaque(u32(2)))
      case 'READDIR':
        return bytes(u64(0n), u32(0, 1))
      case 'READ': {
        const content = args.subarray(0, 16).equals(stateId) ? this.sample : Buffer.from('hello')
        return bytes(u32(1), opaque(content))
      }
      case 'WRITE':
        this.sample = args.subarray(-args.readUInt32BE(28))
        return bytes(u32(this.sample.length, 2), u64(0n))
      case 'OPEN':
        return bytes(stateId, u32(1), u64(0n), u64(1n), u32(4, 0, 0))
      case 'OPEN_CONFIRM':
      case 'CLOSE':
        return stateId
      case 'REMOVE':
        return bytes(u32(1), u64(0n), u64(1n))
      case 'SETCLIENTID':
        return bytes(u64(5n), Buffer.from('confirm!'))
      case 'EXCHANGE_ID':
        return bytes(u64(5n), u32(1, 0, 0), u64(0n), opaque('major'), opaque('scope'), u32(0))
      case 'CREATE_SESSION': {
        const channel = u32(0, 65_536, 65_536, 0, 16, 1, 0)
        return bytes(sessionId, u32(1, 0), channel, channel)
      }
      case 'SEQUENCE':
        return bytes(args.subarray(0, 20), u32(0, 0, 0, 0))
      default:
        return u32()
    }
  }
}

const stateId = Buffer.from('stateid:01234567')
const sessionId = Buffer.from('session:01234567')

const programs: Record<number, [string, Record<number, string>]> = {
  100_000: ['portmap', { 0: 'null', 3: 'getport' }],
  100_005: ['mount', { 0: 'null', 1: 'mnt', 3: 'umnt', 5: 'export' }],
  100_003: [
    'nfs3',
    {
      0: 'null',
      1: 'getattr',
      3: 'lookup',
      6: 'read',
      7: 'write',
      8: 'create',
      12: 'remove',
      16: 'readdir',
      17: 'readdirplus',
    },
  ],
}

function nameOf({ program, version, procedure }: Call): string {
  if (program === 100_003 && version === 4) return procedure === 0 ? 'nfs4.null' : 'nfs4.compound'
  if (program === 100_000 && version > 2) return `rpcbind${version}.getaddr`
  const [name = '?', procedures = {}] = programs[program] ?? []
  return `${name}.${procedures[procedure] ?? procedure}`
}

interface Compound {
  minor: number
  operations: { number: number; name: string; args: Buffer }[]
}

/** Where the arguments of an operation end: so many bytes, and `*` for a counted one. */
const shapes: Record<number, [string, (number | '*' | 'bitmap' | 'open')[]]> = {
  4: ['CLOSE', [20]],
  9: ['GETATTR', ['bitmap']],
  10: ['GETFH', []],
  15: ['LOOKUP', ['*']],
  18: ['OPEN', ['open']],
  20: ['OPEN_CONFIRM', [20]],
  22: ['PUTFH', ['*']],
  24: ['PUTROOTFH', []],
  25: ['READ', [28]],
  26: ['READDIR', [24, 'bitmap']],
  28: ['REMOVE', ['*']],
  35: ['SETCLIENTID', [8, '*', 4, '*', '*', 4]],
  36: ['SETCLIENTID_CONFIRM', [16]],
  38: ['WRITE', [28, '*']],
  42: ['EXCHANGE_ID', [8, '*', 12]],
  43: ['CREATE_SESSION', [16, 28, 28, 12]],
  44: ['DESTROY_SESSION', [16]],
  53: ['SEQUENCE', [32]],
  57: ['DESTROY_CLIENTID', [8]],
  58: ['RECLAIM_COMPLETE', [4]],
}

function parseCompound(args: Buffer): Compound {
  let at = 4 + args.readUInt32BE(0)
  const next = () => args.readUInt32BE((at += 4) - 4)
  const counted = () => {
    const length = next()
    at += Math.ceil(length / 4) * 4
  }
  const bitmap = () => {
    const words = next()
    at += words * 4
  }
  const minor = next()
  const count = next()
  const operations = Array.from({ length: count }, () => {
    const number = next()
    const [name, shape] = shapes[number] ?? [`operation ${number}`, []]
    const start = at
    for (const part of shape) {
      if (part === '*') counted()
      else if (part === 'bitmap') bitmap()
      else if (part === 'open') {
        at += 20
        counted()
        if (next() === 1) {
          at += 4
          bitmap()
          counted()
        }
        at += 4
        counted()
      } else at += part
    }
    return { number, name, args: args.subarray(start, at) }
  })
  if (at !== args.length) throw new Error('arguments that were not understood')
  return { minor, operations }
}

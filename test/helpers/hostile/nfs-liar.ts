import type { Socket } from 'node:net'
import { nfsProbe } from '../../../src/probe/nfs.ts'
import type { Outcome } from '../../../src/probe/probe.ts'
import { Arguments, Message } from './message.ts'
import { compoundAnswer } from './nfs4-answers.ts'
import { mountAnswer, nfs3Answer, portmapAnswer } from './nfs3-answers.ts'
import type { NfsRun } from './nfs-run.ts'
import { World } from './nfs-world.ts'
import { rpcHost, type RpcHost, type Way } from './rpc-host.ts'
import { stillOpen } from './still-open.ts'
import type { Liar } from './trial.ts'

/** What becomes of the replies of one check; the place of a reply counts from 0. */
export type NfsLie = {
  /** before the record mark is put in front */
  inFlight?: (reply: Buffer, place: number) => Buffer
  /** with the record mark, and how it goes out */
  onTheWire?: (socket: Socket, record: Buffer, place: number) => void
}

/** A reply of a good run, by the name of what it answers. */
export type Reply = { name: string; message: Message }

/** Where the servers are: on an address of our own, so that a port that is a lie leads to nobody else. */
const address = `127.77.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`

/** Scripted RPC servers that tell one lie a check, and the probe that they tell it to. */
export class NfsLiar implements Liar<NfsLie> {
  readonly #run: NfsRun
  #hosts: RpcHost[] = []
  #world = new World()
  #lie: NfsLie = {}
  #place = 0
  #replies: Reply[] = []
  /** by connection and id: over UDP a call may come again, and gets the same lie */
  #places = new Map<number, number>()

  private constructor(run: NfsRun) {
    this.#run = run
  }

  static async start(run: NfsRun): Promise<NfsLiar> {
    const liar = new NfsLiar(run)
    const { transport = 'tcp' } = run
    for (const program of [100_003, 100_005, 100_000]) {
      liar.#hosts.push(
        await rpcHost(address, transport, (call, send) => {
          liar.#take(program, call, send)
        }),
      )
    }
    return liar
  }

  async check(lie: NfsLie, signal: AbortSignal): Promise<Outcome> {
    this.#lie = lie
    this.#place = 0
    this.#replies = []
    this.#places.clear()
    this.#world = new World()
    const [nfs = 0, mount = 0, portmapPort = 0] = this.#hosts.map(({ port }) => port)
    this.#world.ports = { 100_003: nfs, 100_005: mount }
    const { version, depth, path, transport = 'tcp' } = this.#run
    const isPortmapped = version === '3' || version === 'auto'
    return nfsProbe({
      host: address,
      directory: this.#world.directory,
      depth,
      version,
      transport,
      portmapPort,
      machineName: 'tester',
      privileged: false,
      ...(isPortmapped ? {} : { nfsPort: nfs }),
      ...(path === undefined ? {} : { path }),
    })(signal)
  }

  /** The replies of the last check. */
  get replies(): readonly Reply[] {
    return this.#replies
  }

  async settle(): Promise<number> {
    this.#lie = {}
    let left = 0
    for (const { sockets } of this.#hosts) {
      left += await stillOpen(sockets)
      sockets.length = 0
    }
    return left
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) await host.close()
  }

  #take(program: number, call: Buffer, send: (reply: Buffer) => Way): void {
    const xid = call.readUInt32BE(0)
    const known = this.#places.get(xid)
    const message =
      known === undefined ? this.#answer(program, call) : this.#replies[known]?.message
    if (message === undefined) return
    const place = known ?? this.#place++
    this.#places.set(xid, place)
    this.#replies[place] = { name: nameOf(call), message }
    const reply = this.#lie.inFlight?.(message.bytes, place) ?? message.bytes
    const way = send(reply)
    if ('datagram' in way) way.datagram(way.bytes)
    else if (way.socket.destroyed) return
    else if (this.#lie.onTheWire !== undefined) this.#lie.onTheWire(way.socket, way.bytes, place)
    else way.socket.write(way.bytes)
  }

  #answer(here: number, call: Buffer): Message {
    const args = new Arguments(call)
    const xid = args.word()
    args.word()
    args.word()
    const [program, version, procedure] = [args.word(), args.word(), args.word()]
    args.word()
    args.opaque()
    args.word()
    args.opaque()
    if (program !== here) return replyHead(xid, 1)
    const results = this.#results(program, version, procedure, args)
    return results === undefined ? replyHead(xid, 3) : replyHead(xid, 0).append(results)
  }

  #results(
    program: number,
    version: number,
    procedure: number,
    args: Arguments,
  ): Message | undefined {
    if (program === 100_000) return portmapAnswer(procedure, args, this.#world)
    if (program === 100_005) return mountAnswer(procedure, args, this.#world)
    if (version === 3) return nfs3Answer(procedure, args, this.#world)
    if (procedure === 0) return new Message()
    return compoundAnswer(args, this.#world, this.#run.minors ?? [0, 1, 2])
  }
}

function replyHead(xid: number, accepted: number): Message {
  return new Message()
    .word('xid', xid)
    .word('message type', 1)
    .word('reply status', 0)
    .word('verifier flavor', 0, 'either', 'a verifier without a body verifies nothing')
    .word(
      'verifier length',
      0,
      (is) => (is % 4n === 0n && is <= 400n ? 'either' : 'bad'),
      'what a verifier does not swallow may still read as results',
    )
    .word('accept status', accepted)
}

function nameOf(call: Buffer): string {
  const [program, version, procedure] = [12, 16, 20].map((at) => call.readUInt32BE(at))
  return `${program}.${version}.${procedure}`
}

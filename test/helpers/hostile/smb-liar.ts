import type { Socket } from 'node:net'
import { sambaProbe } from '../../../src/probe/samba.ts'
import type { Outcome, Probe } from '../../../src/probe/probe.ts'
import { SmbServer, type Step } from '../smb-server.ts'
import { serverOf, type SmbRun, targetOf } from './smb-run.ts'
import { stillOpen } from './still-open.ts'
import type { Liar } from './trial.ts'

/** What becomes of the answers of one check; the place of an answer counts from 0. */
export type SmbLie = {
  /** before the answer is signed or sealed: the server itself says so */
  ownWord?: (message: Buffer, place: number) => Buffer
  /** after that: somebody on the way has changed it */
  inFlight?: (message: Buffer, place: number) => Buffer
  /** with the four bytes in front, and how it goes out */
  onTheWire?: (socket: Socket, frames: Buffer, place: number) => void
  /** messages that go before an answer, without their four bytes */
  before?: (step: Step, messageId: bigint, place: number) => Buffer[]
}

/** An answer of a good run, in the three forms in which it can be changed. */
export type Answer = { step: Step; plain: Buffer; protected: Buffer; frames: Buffer }

/** A scripted SMB server that tells one lie a check, and the probe that it tells it to. */
export class SmbLiar implements Liar<SmbLie> {
  readonly server: SmbServer
  readonly #hand: Hand
  readonly #probe: Probe

  private constructor(server: SmbServer, hand: Hand, run: SmbRun) {
    this.server = server
    this.#hand = hand
    this.#probe = sambaProbe(targetOf(run, server.port))
  }

  static async start(run: SmbRun): Promise<SmbLiar> {
    const hand: Hand = { lie: {}, place: 0, answers: [] }
    const server = await SmbServer.start({
      ...serverOf(run),
      alter: (step, message) => {
        hand.answers[hand.place] = {
          step,
          plain: Buffer.from(message),
          protected: Buffer.from(message),
          frames: Buffer.alloc(0),
        }
        return hand.lie.ownWord?.(message, hand.place) ?? message
      },
      tamper: (_step, message) => {
        const answer = hand.answers[hand.place]
        if (answer !== undefined) answer.protected = Buffer.from(message)
        return hand.lie.inFlight?.(Buffer.from(message), hand.place) ?? message
      },
      before: (step, messageId) => hand.lie.before?.(step, messageId, hand.place) ?? [],
      deliver: (socket, parts, step) => {
        const frames = Buffer.concat(parts)
        const { place } = hand
        if (step === 'netbios') {
          hand.answers[place] = { step, plain: Buffer.alloc(0), protected: frames, frames }
        }
        const answer = hand.answers[place]
        if (answer !== undefined) answer.frames = frames
        hand.place++
        if (socket.destroyed) return
        if (hand.lie.onTheWire === undefined) socket.write(frames)
        else hand.lie.onTheWire(socket, frames, place)
      },
    })
    return new SmbLiar(server, hand, run)
  }

  async check(lie: SmbLie, signal: AbortSignal): Promise<Outcome> {
    this.#hand.lie = lie
    this.#hand.place = 0
    this.#hand.answers = []
    return this.#probe(signal)
  }

  /** The answers of the last check. */
  get answers(): readonly Answer[] {
    return this.#hand.answers
  }

  async settle(): Promise<number> {
    const { server } = this
    // Our own lie ends with the check: what it still had to say goes nowhere.
    this.#hand.lie = {}
    const left = await stillOpen(server.sockets)
    server.sockets.length = 0
    server.seen.length = 0
    server.logins.length = 0
    return left
  }

  async close(): Promise<void> {
    await this.server.close()
  }
}

type Hand = { lie: SmbLie; place: number; answers: Answer[] }

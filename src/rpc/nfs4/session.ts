import type { ClientId } from './client-id.ts'
import type { CompoundCaller } from './compound-caller.ts'
import { createSession, type CreatedSession } from './create-session.ts'
import { destroyClientId, destroySession } from './destroy.ts'
import { Nfs4Error } from './nfs4-error.ts'
import type { Minor } from './protocol.ts'
import type { Operation, Results } from './operation.ts'
import { reclaimComplete, sequence } from './sequence.ts'

/** Repeats what the server asks patience for. */
export type Ask = <T>(call: () => Promise<T>) => Promise<T>

/** A session of version 4.1 or 4.2, with one slot (RFC 8881 2.10). */
export class Nfs4Session implements CompoundCaller {
  readonly #client: ClientId
  readonly #created: CreatedSession
  #sequenceId = 1
  #mayOpen = false

  private constructor(client: ClientId, created: CreatedSession) {
    this.#client = client
    this.#created = created
  }

  /** CREATE_SESSION; a server that refuses it is given the client id back. What the signal cuts off later is undone. */
  static async open(client: ClientId, ask: Ask): Promise<Nfs4Session> {
    try {
      const { exchanged } = client
      const [created] = await ask(() => client.compound([createSession(exchanged)]))
      client.leaveOnAbort([destroySession(created.sessionId), destroyClientId(exchanged.clientId)])
      return new Nfs4Session(client, created)
    } catch (error) {
      if (error instanceof Nfs4Error) await client.giveBack().catch(() => {})
      throw error
    }
  }

  get minor(): Minor {
    return this.#client.minor
  }

  get clientId(): bigint {
    return this.#client.exchanged.clientId
  }

  get maxOperations(): number {
    return this.#created.maxOperations - 1
  }

  async compound<const Ops extends readonly Operation<unknown>[]>(
    operations: Ops,
  ): Promise<Results<Ops>> {
    const first = sequence(this.#created.sessionId, this.#sequenceId)
    try {
      const [, ...results] = await this.#client.compound([first, ...operations])
      this.#sequenceId++
      return results
    } catch (error) {
      // A SEQUENCE that went through has used its number up, whatever became of the rest.
      const sequenced =
        error instanceof Nfs4Error && !['SEQUENCE', 'COMPOUND'].includes(error.operation)
      if (sequenced) this.#sequenceId++
      throw error
    }
  }

  /** Says once that nothing is left to be claimed back; due before the first OPEN. */
  async prepareToOpen(ask: Ask): Promise<void> {
    if (this.#mayOpen) return
    await ask(() => this.compound([reclaimComplete]))
    this.#mayOpen = true
  }

  /** DESTROY_SESSION and DESTROY_CLIENTID: the server keeps nothing. */
  async close(ask: Ask): Promise<void> {
    await ask(() => this.#client.compound([destroySession(this.#created.sessionId)]))
    await ask(() => this.#client.giveBack())
  }
}

import type { Credential } from '../credential.ts'
import type { RpcClient } from '../rpc-client.ts'
import type { CompoundCaller } from './compound-caller.ts'
import { compound } from './compound.ts'
import { createSession, type CreatedSession } from './create-session.ts'
import { destroyClientId, destroySession } from './destroy.ts'
import { exchangeId, type ClientOwner } from './exchange-id.ts'
import { Nfs4Error } from './nfs4-error.ts'
import { nfs4Program, type Minor } from './protocol.ts'
import type { Operation, Results } from './operation.ts'
import { reclaimComplete, sequence } from './sequence.ts'

/** Repeats what the server asks patience for. */
export type Ask = <T>(call: () => Promise<T>) => Promise<T>

/** A session of version 4.1 or 4.2, with one slot (RFC 8881 2.10). */
export class Nfs4Session implements CompoundCaller {
  readonly minor: Minor
  readonly clientId: bigint
  readonly #client: RpcClient
  readonly #credential: Credential
  readonly #created: CreatedSession
  #sequenceId = 1
  #mayOpen = false

  private constructor(
    minor: Minor,
    clientId: bigint,
    client: RpcClient,
    credential: Credential,
    created: CreatedSession,
  ) {
    this.minor = minor
    this.clientId = clientId
    this.#client = client
    this.#credential = credential
    this.#created = created
  }

  /** EXCHANGE_ID and CREATE_SESSION; whatever the signal cuts off after that is undone all the same. */
  static async open(
    client: RpcClient,
    credential: Credential,
    minor: Minor,
    owner: ClientOwner,
    ask: Ask,
  ): Promise<Nfs4Session> {
    const single = <R>(operation: Operation<R>) => compound(minor, [operation])
    const [exchanged] = await ask(() =>
      client.call(nfs4Program, single(exchangeId(owner)), credential, undefined),
    )
    const forget = single(destroyClientId(exchanged.clientId))
    client.leaveOnAbort([client.prepare(nfs4Program, forget, credential, undefined)])
    try {
      const [created] = await ask(() =>
        client.call(nfs4Program, single(createSession(exchanged)), credential, undefined),
      )
      return new Nfs4Session(minor, exchanged.clientId, client, credential, created)
    } catch (error) {
      if (error instanceof Nfs4Error) {
        await client.call(nfs4Program, forget, credential, undefined).catch(() => {})
      }
      throw error
    }
  }

  get maxOperations(): number {
    return this.#created.maxOperations - 1
  }

  async compound<const Ops extends readonly Operation<unknown>[]>(
    operations: Ops,
  ): Promise<Results<Ops>> {
    const first = sequence(this.#created.sessionId, this.#sequenceId)
    const procedure = compound(this.minor, [first, ...operations])
    try {
      const [, ...results] = await this.#client.call(
        nfs4Program,
        procedure,
        this.#credential,
        undefined,
      )
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

  /** What undoes the session when nobody can wait any more. */
  prepareClose(): Buffer[] {
    return [
      this.#prepare([destroySession(this.#created.sessionId)]),
      this.#prepare([destroyClientId(this.clientId)]),
    ]
  }

  /** DESTROY_SESSION and DESTROY_CLIENTID: the server keeps nothing. */
  async close(ask: Ask): Promise<void> {
    for (const operation of [
      destroySession(this.#created.sessionId),
      destroyClientId(this.clientId),
    ]) {
      const procedure = compound(this.minor, [operation])
      await ask(() => this.#client.call(nfs4Program, procedure, this.#credential, undefined))
    }
  }

  #prepare(operations: readonly Operation<unknown>[]): Buffer {
    const procedure = compound(this.minor, operations)
    return this.#client.prepare(nfs4Program, procedure, this.#credential, undefined)
  }
}

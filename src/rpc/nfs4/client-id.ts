import type { Credential } from '../credential.ts'
import type { RpcClient } from '../rpc-client.ts'
import { compound } from './compound.ts'
import { destroyClientId } from './destroy.ts'
import { exchangeId, type ClientOwner, type Exchanged } from './exchange-id.ts'
import type { Operation, Results } from './operation.ts'
import { nfs4Program, type Minor } from './protocol.ts'

/** What a server of version 4.1 or 4.2 knows a client by, whether or not it has a session yet. */
export class ClientId {
  readonly minor: Minor
  readonly exchanged: Exchanged
  readonly #rpc: RpcClient
  readonly #credential: Credential

  private constructor(minor: Minor, exchanged: Exchanged, rpc: RpcClient, credential: Credential) {
    this.minor = minor
    this.exchanged = exchanged
    this.#rpc = rpc
    this.#credential = credential
  }

  /** EXCHANGE_ID; whatever the signal cuts off after its answer is undone all the same. */
  static async ask(
    rpc: RpcClient,
    credential: Credential,
    minor: Minor,
    owner: ClientOwner,
  ): Promise<ClientId> {
    const procedure = compound(minor, [exchangeId(owner)])
    const [exchanged] = await rpc.call(nfs4Program, procedure, credential, undefined)
    const clientId = new ClientId(minor, exchanged, rpc, credential)
    clientId.leaveOnAbort([destroyClientId(exchanged.clientId)])
    return clientId
  }

  /** Carries out one compound. */
  async compound<const Ops extends readonly Operation<unknown>[]>(
    operations: Ops,
  ): Promise<Results<Ops>> {
    return this.#rpc.call(
      nfs4Program,
      compound(this.minor, operations),
      this.#credential,
      undefined,
    )
  }

  /** Names the operations to send off, each by itself, in the moment in which the signal ends everything. */
  leaveOnAbort(operations: readonly Operation<unknown>[]): void {
    this.#rpc.leaveOnAbort(() =>
      operations.map((operation) => {
        const procedure = compound(this.minor, [operation])
        return this.#rpc.prepare(nfs4Program, procedure, this.#credential, undefined)
      }),
    )
  }

  /** DESTROY_CLIENTID, for which no session may be left. */
  async giveBack(): Promise<void> {
    await this.compound([destroyClientId(this.exchanged.clientId)])
  }
}

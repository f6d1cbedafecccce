import type { Credential } from '../credential.ts'
import type { RpcClient } from '../rpc-client.ts'
import { compound } from './compound.ts'
import { nfs4Program, type Minor } from './protocol.ts'
import type { Operation, Results } from './operation.ts'

/** Carries compounds out, in a session where the minor version has one. */
export type CompoundCaller = {
  readonly minor: Minor
  /** how many operations one compound may have */
  readonly maxOperations: number
  compound<const Ops extends readonly Operation<unknown>[]>(operations: Ops): Promise<Results<Ops>>
}

/** Carries out the compounds of version 4.0, which knows no sessions. */
export class PlainCaller implements CompoundCaller {
  readonly minor = 0
  readonly maxOperations = 16
  readonly #client: RpcClient
  readonly #credential: Credential

  constructor(client: RpcClient, credential: Credential) {
    this.#client = client
    this.#credential = credential
  }

  async compound<const Ops extends readonly Operation<unknown>[]>(
    operations: Ops,
  ): Promise<Results<Ops>> {
    return this.#client.call(nfs4Program, compound(0, operations), this.#credential, undefined)
  }
}

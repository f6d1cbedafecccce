import { RandomSupply } from '../crypto/random-supply.ts'
import type { NtlmNames } from './auth/ntlm-authenticate.ts'

/** We as one server sees us, with what is the same in all our connections to it. */
export class Caller {
  readonly serverName: string
  readonly names: NtlmNames
  readonly random = new RandomSupply()

  constructor(serverName: string, workstation: string) {
    this.serverName = serverName
    this.names = { workstation, servicePrincipal: `cifs/${serverName}` }
  }
}

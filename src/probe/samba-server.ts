import { hostname } from 'node:os'
import type { Credentials } from '../smb/auth/credentials.ts'
import { Caller } from '../smb/caller.ts'
import { SmbConnection } from '../smb/connection.ts'
import { dialect, dialectName } from '../smb/dialect.ts'
import { Frames } from '../smb/frames.ts'
import { logIn, type Session, startSealing } from '../smb/login.ts'
import { type Negotiated, Offer, validateNegotiation } from '../smb/negotiation.ts'
import { ntStatus } from '../smb/nt-status.ts'
import { cipherName } from '../smb/sealing.ts'
import { signingName } from '../smb/signing.ts'
import { Smb1OnlyError } from '../smb/smb1-only-error.ts'
import { StatusError } from '../smb/status-error.ts'
import type { TcpConnection } from '../wire/tcp.ts'
import type { NameSources } from '../wire/resolve.ts'
import { connectFirst } from './connect-first.ts'
import { ServerAddresses } from './server-addresses.ts'
import { offersOnlySmb1 } from './smb1-suspicion.ts'
import type { StageClock } from './stage-clock.ts'

/** Which server to ask, and as whom. */
export type SambaPlace = {
  host: string
  port: number
  credentials: Credentials
  /** demand encryption, whether or not the server does */
  encrypt: boolean
  /** open a NetBIOS session first; unless told, so it is on port 139 */
  netbios?: boolean
}

/** What was seen of the server on the way. */
export type Seen = Record<string, string | number | boolean>

/** A server that is being talked to, as far as both have come. */
export type Talk = { connection: SmbConnection; negotiated: Negotiated; session?: Session }

const netbiosPort = 139

/** One server as all conversations with it see it, with what is the same in all of them. */
export class SambaServer {
  readonly #place: SambaPlace
  readonly #addresses: ServerAddresses
  readonly #caller: Caller
  readonly #offer: Offer
  readonly #netbios: boolean

  constructor(place: SambaPlace, names: NameSources) {
    const { host, port, netbios } = place
    this.#place = place
    this.#addresses = new ServerAddresses(host, names)
    this.#caller = new Caller(host, workstationName())
    this.#offer = new Offer(this.#caller)
    this.#netbios = netbios ?? port === netbiosPort
  }

  get firstStage(): string {
    return this.#addresses.isNamed ? 'lookup' : 'connect'
  }

  /** Connects, settles how to talk, and hands over; the connection ends with that. */
  async visit(
    clock: StageClock,
    seen: Seen,
    signal: AbortSignal,
    talk: (begun: Talk) => Promise<void>,
  ): Promise<void> {
    const { addresses, failure } = await this.#addresses.find(signal)
    if (failure !== undefined) {
      seen.lookup = `failed, address from an earlier one used: ${failure}`
    }
    if (this.#addresses.isNamed) clock.enter('connect')
    seen.address = addresses[0]
    const { tcp, address } = await connectFirst(addresses, this.#place.port, signal)
    seen.address = address
    try {
      const connection = await this.#open(tcp, clock)
      const negotiated = await this.#negotiate(connection, address, signal)
      seen.dialect = dialectName(negotiated.dialect)
      await talk({ connection, negotiated })
    } finally {
      tcp.close()
    }
  }

  /** Logs in, and seals from here on where that is demanded. */
  async logIn(
    { connection, negotiated }: Talk,
    clock: StageClock,
    seen: Seen,
  ): Promise<Required<Talk>> {
    const { credentials, encrypt } = this.#place
    clock.enter('session')
    const session = await logIn(connection, negotiated, credentials, this.#caller)
    seen.session = session.kind
    seen.signing = session.keys === undefined ? 'none' : signingName(negotiated.signing)
    if (encrypt) startSealing(connection, negotiated, session)
    return { connection, negotiated, session }
  }

  /** What is due once a tree is connected: sealing, where it demands that, and the proof of the negotiation. */
  async settle(
    { connection, negotiated, session }: Required<Talk>,
    tree: { treeId: number; demandsSealing: boolean },
    seen: Seen,
  ): Promise<void> {
    if (tree.demandsSealing) startSealing(connection, negotiated, session)
    seen.cipher =
      connection.isSealed && negotiated.cipher !== undefined
        ? cipherName(negotiated.cipher)
        : 'none'
    if (session.keys !== undefined && negotiated.dialect !== dialect.smb311) {
      await validateNegotiation(connection, negotiated, tree.treeId)
    }
  }

  async #open(tcp: TcpConnection, clock: StageClock): Promise<SmbConnection> {
    const frames = new Frames(tcp)
    if (this.#netbios) {
      clock.enter('netbios')
      await frames.openNetbiosSession(this.#caller.names.workstation)
    }
    clock.enter('negotiate')
    return new SmbConnection(frames)
  }

  async #negotiate(
    connection: SmbConnection,
    address: string,
    signal: AbortSignal,
  ): Promise<Negotiated> {
    let negotiated: Negotiated
    try {
      negotiated = await this.#offer.negotiate(connection)
    } catch (error) {
      const { port } = this.#place
      const callingName = this.#netbios ? this.#caller.names.workstation : undefined
      throw (await offersOnlySmb1(error, { address, port, callingName }, signal))
        ? new Smb1OnlyError()
        : error
    }
    if (this.#place.encrypt && negotiated.cipher === undefined) {
      throw new StatusError(ntStatus.notSupported, 'encryption is demanded, the server has none')
    }
    return negotiated
  }
}

/** A NetBIOS name of this host: its first label, as much of it as there is room for. */
function workstationName(): string {
  return (hostname().split('.')[0] ?? '').slice(0, 15).toUpperCase()
}

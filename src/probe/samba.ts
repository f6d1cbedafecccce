import { hostname } from 'node:os'
import type { Credentials } from '../smb/auth/credentials.ts'
import { Caller } from '../smb/caller.ts'
import { SmbConnection } from '../smb/connection.ts'
import { dialect, dialectName } from '../smb/dialect.ts'
import { Frames } from '../smb/frames.ts'
import { logIn, startSealing } from '../smb/login.ts'
import { type Negotiated, Offer, validateNegotiation } from '../smb/negotiation.ts'
import { ntStatus } from '../smb/nt-status.ts'
import { cipherName } from '../smb/sealing.ts'
import { signingName } from '../smb/signing.ts'
import { Smb1OnlyError } from '../smb/smb1-only-error.ts'
import { StatusError } from '../smb/status-error.ts'
import { connectTree, leave, treeConnectBody } from '../smb/tree.ts'
import type { TcpConnection } from '../wire/tcp.ts'
import type { NameSources } from '../wire/resolve.ts'
import { connectFirst } from './connect-first.ts'
import type { Depth, Probe } from './probe.ts'
import { runCheck } from './run-check.ts'
import { readShare, writeShare } from './samba-files.ts'
import { judgeSamba, onSambaTimeout } from './samba-judgement.ts'
import { ServerAddresses } from './server-addresses.ts'
import { offersOnlySmb1 } from './smb1-suspicion.ts'
import { spaceStage } from './space.ts'
import type { StageClock } from './stage-clock.ts'

/** Which server and share to ask, how deep, and as whom. */
export type SambaTarget = {
  host: string
  port: number
  share: string
  depth: Depth
  /** what to read at the depths that read; where there is none the share's root is listed */
  path?: string
  credentials: Credentials
  /** demand encryption, whether or not the server does */
  encrypt: boolean
  /** open a NetBIOS session first; unless told, so it is on port 139 */
  netbios?: boolean
}

/** Looks at the share on the way, in a stage of its own. */
export type TreeLook = (connection: SmbConnection, treeId: number) => Promise<void>

type Seen = Record<string, string | number | boolean>

const netbiosPort = 139

/** A probe of one share of one server; names are looked up where the system does, unless told. */
export function sambaProbe(target: SambaTarget, names: NameSources = {}, look?: TreeLook): Probe {
  const server = new SambaServer(target, names, look)
  return (signal) =>
    runCheck(
      {
        firstStage: server.firstStage,
        walk: (clock, seen) => server.check(clock, seen, signal),
        onTimeout: onSambaTimeout,
        judge: judgeSamba,
      },
      signal,
    )
}

/** One server as its checks see it, with what is the same in all of them. */
class SambaServer {
  readonly #target: SambaTarget
  readonly #addresses: ServerAddresses
  readonly #caller: Caller
  readonly #offer: Offer
  readonly #treeConnect: Buffer
  readonly #netbios: boolean
  readonly #look: TreeLook | undefined

  constructor(target: SambaTarget, names: NameSources, look: TreeLook | undefined) {
    const { host, port, share, netbios } = target
    this.#target = target
    this.#addresses = new ServerAddresses(host, names)
    this.#caller = new Caller(host, workstationName())
    this.#offer = new Offer(this.#caller)
    this.#treeConnect = treeConnectBody(host, share)
    this.#netbios = netbios ?? port === netbiosPort
    this.#look = look
  }

  get firstStage(): string {
    return this.#addresses.isNamed ? 'lookup' : 'connect'
  }

  async check(clock: StageClock, seen: Seen, signal: AbortSignal): Promise<void> {
    const { addresses, failure } = await this.#addresses.find(signal)
    if (failure !== undefined) {
      seen.lookup = `failed, address from an earlier one used: ${failure}`
    }
    if (this.#addresses.isNamed) clock.enter('connect')
    seen.address = addresses[0]
    const { tcp, address } = await connectFirst(addresses, this.#target.port, signal)
    seen.address = address
    try {
      const connection = await this.#open(tcp, clock)
      const negotiated = await this.#negotiate(connection, address, signal)
      seen.dialect = dialectName(negotiated.dialect)
      if (this.#target.depth !== 'service') {
        await this.#useShare(connection, negotiated, clock, seen)
      }
    } finally {
      tcp.close()
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
    const negotiated = await this.#offer.negotiate(connection).catch(async (error: unknown) => {
      const { port } = this.#target
      const callingName = this.#netbios ? this.#caller.names.workstation : undefined
      throw (await offersOnlySmb1(error, { address, port, callingName }, signal))
        ? new Smb1OnlyError()
        : error
    })
    if (this.#target.encrypt && negotiated.cipher === undefined) {
      throw new StatusError(ntStatus.notSupported, 'encryption is demanded, the server has none')
    }
    return negotiated
  }

  async #useShare(
    connection: SmbConnection,
    negotiated: Negotiated,
    clock: StageClock,
    seen: Seen,
  ): Promise<void> {
    const { credentials, encrypt, depth, path } = this.#target
    clock.enter('session')
    const session = await logIn(connection, negotiated, credentials, this.#caller)
    seen.session = session.kind
    seen.signing = session.keys === undefined ? 'none' : signingName(negotiated.signing)
    if (encrypt) startSealing(connection, negotiated, session)

    clock.enter('tree')
    const tree = await connectTree(connection, this.#treeConnect)
    seen.share = tree.type
    if (tree.demandsSealing) startSealing(connection, negotiated, session)
    seen.cipher =
      connection.isSealed && negotiated.cipher !== undefined
        ? cipherName(negotiated.cipher)
        : 'none'
    const { treeId } = tree
    if (session.keys !== undefined && negotiated.dialect !== dialect.smb311) {
      await validateNegotiation(connection, negotiated, treeId)
    }

    if (depth === 'read' || depth === 'write') {
      if (tree.type !== 'disk') {
        throw new StatusError(ntStatus.notSupported, 'a printer share has no files to read')
      }
      const work = { treeId, dialect: negotiated.dialect, path }
      await readShare(connection, work, clock)
      if (depth === 'write') await writeShare(connection, work, clock)
    }

    if (this.#look !== undefined) {
      clock.enter(spaceStage)
      await this.#look(connection, treeId)
    }

    clock.enter('close')
    await leave(connection, treeId)
  }
}

/** A NetBIOS name of this host: its first label, as much of it as there is room for. */
function workstationName(): string {
  return (hostname().split('.')[0] ?? '').slice(0, 15).toUpperCase()
}

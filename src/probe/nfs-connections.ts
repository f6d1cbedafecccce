import { RpcClient, type RpcTransport } from '../rpc/rpc-client.ts'
import { TcpTransport } from '../rpc/tcp-transport.ts'
import { UdpTransport } from '../rpc/udp-transport.ts'
import { fromReservedPort } from '../wire/reserved-port.ts'

/** How the ports of a server are reached. */
export type Reach = { address: string; transport: 'tcp' | 'udp'; privileged: boolean }

/** The connections of one check: as few as will do, all from one reserved port, all closed in the end. */
export class NfsConnections {
  readonly #reach: Reach
  readonly #signal: AbortSignal
  readonly #abandon: (() => void) | undefined
  readonly #byPort = new Map<number, RpcClient>()
  #underWay = 0
  #portsAreScarce = false
  #reservedPort: number | undefined

  /** `mayAbandon`: whether `close` may come while `open` is under way; a signal of its own is dear. */
  constructor(reach: Reach, signal: AbortSignal, mayAbandon = false) {
    this.#reach = reach
    if (mayAbandon) {
      const abandoned = new AbortController()
      this.#signal = AbortSignal.any([signal, abandoned.signal])
      this.#abandon = () => {
        abandoned.abort()
      }
    } else {
      this.#signal = signal
    }
  }

  /** A client of one port of the server, from a reserved port if privileged; the same for the same port. */
  async open(port: number): Promise<RpcClient> {
    const known = this.#byPort.get(port)
    if (known !== undefined) return known
    this.#underWay++
    try {
      const client = await this.#openNew(port)
      this.#byPort.set(port, client)
      return client
    } finally {
      this.#underWay--
    }
  }

  /** A client of one port from a port of no privilege, which the caller closes. */
  async openPlain(port: number, signal: AbortSignal): Promise<RpcClient> {
    return this.#connect(port, signal)
  }

  /**
   * Closes what `open` opened, and with `mayAbandon` what it still tries to open.
   *
   * In good order a reserved port may linger, when the server is quicker than our reset; where ports have
   * become scarce order comes second.
   */
  close(inOrder: boolean): void {
    const manner = inOrder && !this.#portsAreScarce ? 'orderly' : 'abrupt'
    for (const client of this.#byPort.values()) client.close(manner)
    if (this.#underWay > 0) this.#abandon?.()
  }

  async #openNew(port: number): Promise<RpcClient> {
    if (!this.#reach.privileged) return this.#connect(port, this.#signal)
    // Another port of the server makes it another connection, so one reserved port serves them all.
    let tries = 0
    const client = await fromReservedPort((localPort) => {
      tries++
      this.#reservedPort = localPort
      return this.#connect(port, this.#signal, localPort)
    }, this.#reservedPort)
    if (tries > 1) this.#portsAreScarce = true
    return client
  }

  async #connect(port: number, signal: AbortSignal, localPort?: number): Promise<RpcClient> {
    const { address, transport } = this.#reach
    const target = localPort === undefined ? { address, port } : { address, port, localPort }
    const opened: RpcTransport =
      transport === 'tcp'
        ? await TcpTransport.open(target, signal)
        : await UdpTransport.open(target, signal)
    return new RpcClient(opened, Math.floor(Math.random() * 0x1_0000_0000))
  }
}

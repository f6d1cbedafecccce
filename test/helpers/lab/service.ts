import { lab } from './command.ts'

export type ServiceName = 'samba' | 'ganesha' | 'rpcbind'

/** A server on a host. `Part` is what of it can be frozen, thawed and killed apart. */
export class Service<Part extends string = never> {
  readonly host: string
  readonly name: ServiceName

  constructor(host: string, name: ServiceName) {
    this.host = host
    this.name = name
  }

  /** Starts it again as it was configured last, and waits until it answers. */
  async start(): Promise<void> {
    await lab(['start', this.host, this.name])
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    await lab(['stop', this.host, this.name])
  }

  /** SIGSTOP, and waits until it stands still. */
  async freeze(part?: Part): Promise<void> {
    await lab(['freeze', this.host, this.#target(part)])
  }

  /** SIGCONT. */
  async thaw(part?: Part): Promise<void> {
    await lab(['thaw', this.host, this.#target(part)])
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(part?: Part): Promise<void> {
    await lab(['kill', this.host, this.#target(part)])
  }

  /** Its processes, as the world sees them: numbers for `process.kill` and /proc. */
  async pids(part?: Part): Promise<number[]> {
    const lines = await lab(['pids', this.host, this.#target(part)])
    return lines.trim().split('\n').map(Number)
  }

  /** All that it has logged. */
  log(): Promise<string> {
    return lab(['log', this.host, this.name])
  }

  #target(part: Part | undefined): string {
    return part === undefined ? this.name : `${this.name}-${part}`
  }
}

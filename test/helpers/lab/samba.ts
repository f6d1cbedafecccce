import { lab } from './command.ts'
import { Service } from './service.ts'

/** What an account can be besides good. */
export type AccountState =
  'disabled' | 'locked' | 'must-change' | 'account-expired' | 'password-expired'

export interface SambaUser {
  name: string
  password: string
  state?: AccountState
}

export interface SambaOptions {
  /** Lines of [global], after the lab's own. */
  global?: readonly string[]
  /** Lines of a share, by its name; more shares, or more lines for one of the lab's. */
  shares?: Readonly<Record<string, readonly string[]>>
  /** Accounts besides labuser / Lab-Pass1. */
  users?: readonly SambaUser[]
  /** In place of 445 and 139. */
  ports?: readonly number[]
}

/** Samba on a host. Its shares: guest user printer enc hdeny max1 gone. */
export class Samba extends Service<'parent' | 'children'> {
  constructor(host: string) {
    super(host, 'samba')
  }

  /** Starts it with this configuration, and waits until it answers. */
  async startWith(options: SambaOptions): Promise<void> {
    await this.#configure('start', options)
  }

  /** Ends it and starts it, as it was or with another configuration. */
  async restart(options?: SambaOptions): Promise<void> {
    await this.#configure('restart', options)
  }

  /** Has it read its configuration again, or another one; sessions that are open may keep the old one. */
  async reload(options?: SambaOptions): Promise<void> {
    await this.#configure('reload', options)
  }

  async #configure(verb: string, options?: SambaOptions): Promise<void> {
    const args = [verb, this.host, this.name]
    if (options === undefined) {
      await lab(args)
      return
    }
    const { global = [], shares = {}, users = [], ports = [] } = options
    for (const line of global) args.push('--global', line)
    for (const port of ports) args.push('--port', String(port))
    for (const { name, password, state } of users) {
      args.push('--user', `${name}:${password}`)
      if (state !== undefined) args.push('--account', `${name}:${state}`)
    }
    const sections = Object.entries(shares).map(([name, lines]) =>
      [`[${name}]`, ...lines].join('\n'),
    )
    await lab([...args, '--conf', '-'], { stdin: sections.join('\n') })
  }
}

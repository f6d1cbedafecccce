import { finish } from '../lab/command.ts'

/** What a relay itself comes from, in a world: an address that is never led astray. */
export const relayAddress = '10.213.0.2'

/**
 * Leads connections to a host of the lab to ports of this process instead, unseen by who connects.
 *
 * Ending it changes nothing for connections that are there already: the kernel goes on translating them.
 * It would not without any rule left that could redirect, hence the last one below, which meets nothing.
 */
export class Detour {
  readonly #table: string

  private constructor(table: string) {
    this.#table = table
  }

  /** Makes the chain; nothing is led astray yet. */
  static async create(): Promise<Detour> {
    const table = `detour-${process.pid}`
    await run('ip', ['address', 'replace', `${relayAddress}/16`, 'dev', 'br0', 'noprefixroute'])
    await nft(`
      add table ip ${table}
      add chain ip ${table} way
      add chain ip ${table} out { type nat hook output priority -100; }
      add rule ip ${table} out jump way
      add rule ip ${table} out ip daddr 255.255.255.255 tcp dport 9 redirect to :9
    `)
    return new Detour(table)
  }

  /** From now on connections to these ports of the address come to ports of ours. */
  async lead(address: string, ports: ReadonlyMap<number, number>): Promise<void> {
    const rules = [...ports].map(
      ([port, ours]) => `add rule ip ${this.#table} way ip daddr ${address} \
ip saddr != ${relayAddress} tcp dport ${port} redirect to :${ours}`,
    )
    await nft([`flush chain ip ${this.#table} way`, ...rules].join('\n'))
  }

  /** New connections go straight to the host again. */
  async end(): Promise<void> {
    await nft(`flush chain ip ${this.#table} way`)
  }
}

async function nft(rules: string): Promise<void> {
  await run('nft', ['-f', '-'], rules)
}

async function run(command: string, args: string[], stdin?: string): Promise<void> {
  const { status, stderr } = await finish(command, args, stdin === undefined ? {} : { stdin })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
}

import { Capture } from './lab/capture.ts'
import { type CommandOptions, type Finished, finish, lab, labCommand } from './lab/command.ts'
import { Ganesha, type GaneshaOptions } from './lab/ganesha.ts'
import { HostProcess } from './lab/host-process.ts'
import { Samba, type SambaOptions } from './lab/samba.ts'
import { Service } from './lab/service.ts'

/** True inside `scripts/lab run`, where hosts can be made. */
export function inLab(): boolean {
  return process.env.CLP_FSMON_LAB !== undefined
}

/** For tap's `skip`: false in a lab, else why not and what to do. */
export function skipOutsideLab(): string | false {
  return inLab() ? false : 'needs a lab; run it with: scripts/lab run COMMAND'
}

export interface HostOptions {
  /** The first part of its name; a number makes it the only one. */
  name?: string
  /** In 10.213.0.0/16; one of its own unless told. */
  address?: string
}

export interface Cut {
  /**
   * drop: packets vanish · loss: some do · silence: connects, then nothing · reject: ICMP host
   * unreachable · reset: TCP reset · unplug: the wire itself.
   */
  mode?: 'drop' | 'loss' | 'silence' | 'reject' | 'reset' | 'unplug'
  port?: number | readonly number[]
  /** Only between this host and that one: its name or an address. */
  peer?: string
  direction?: 'both' | 'in' | 'out'
  /** Of packets lost, with mode loss: 30 unless told. */
  percent?: number
}

/** A machine of its own, as far as what runs on it can tell: network, processes, /etc, /var, /run. */
export class Host implements AsyncDisposable {
  readonly name: string
  readonly address: string
  readonly address6: string
  #up = true

  private constructor(name: string, address: string, address6: string) {
    this.name = name
    this.address = address
    this.address6 = address6
  }

  static async create({ name = 'host', address }: HostOptions = {}): Promise<Host> {
    const where = address === undefined ? [] : ['--address', address]
    const facts = (await lab(['add', '--unique', ...where, name])).split('\n')
    return new Host(facts[0] ?? '', facts[1] ?? '', facts[2] ?? '')
  }

  /** Runs a command on the host to its end. */
  exec(command: string, args: readonly string[] = [], options?: CommandOptions): Promise<Finished> {
    return finish(labCommand, ['exec', this.name, command, ...args], options)
  }

  /** Starts a command on the host. */
  spawn(
    command: string,
    args: readonly string[] = [],
    options?: Omit<CommandOptions, 'timeoutMs'>,
  ): HostProcess {
    return new HostProcess(this.name, command, args, options)
  }

  /** Starts Samba, and waits until it answers. */
  async samba(options: SambaOptions = {}): Promise<Samba> {
    const samba = new Samba(this.name)
    await samba.startWith(options)
    return samba
  }

  /** Starts rpcbind, and waits until it answers. */
  async rpcbind(): Promise<Service> {
    const rpcbind = new Service(this.name, 'rpcbind')
    await rpcbind.start()
    return rpcbind
  }

  /** Starts NFS-Ganesha (and for NFSv3 rpcbind, unless it runs), and waits until it answers. */
  async ganesha(options: GaneshaOptions = {}): Promise<Ganesha> {
    const ganesha = new Ganesha(this.name)
    await ganesha.startWith(options)
    return ganesha
  }

  /** A service that was started before, such as the rpcbind that Ganesha brought with it. */
  service(name: 'rpcbind'): Service {
    return new Service(this.name, name)
  }

  /** Harms the host's network; cuts add up until `heal`. */
  async cut({ mode, port = [], peer, direction, percent }: Cut = {}): Promise<void> {
    const args = ['cut', this.name]
    const values = {
      '--mode': mode,
      '--peer': peer,
      '--direction': direction,
      '--percent': percent,
    }
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) args.push(name, String(value))
    }
    for (const number of [port].flat()) args.push('--port', String(number))
    await lab(args)
  }

  /** Holds back what the host sends and what it is sent, in the order that it came. */
  async delay(delayMs: number, jitterMs = 0): Promise<void> {
    await lab(['delay', this.name, String(delayMs), '--jitter', String(jitterMs)])
  }

  /** Mends cuts and delays. */
  async heal(): Promise<void> {
    await lab(['heal', this.name])
  }

  /** From now on whoever touches what is in the directory waits, as for a dead disk. */
  async hang(directory: string): Promise<void> {
    await lab(['hang', this.name, directory])
  }

  /** The end of that: those who waited go on. */
  async unhang(directory: string): Promise<void> {
    await lab(['unhang', this.name, directory])
  }

  /** Records what passes the host's wire. */
  capture(): Promise<Capture> {
    return Capture.start(this.name)
  }

  /** Power off, as if the plug were pulled; its /etc, /var and /srv stay. */
  async off(): Promise<void> {
    if (!this.#up) return
    this.#up = false
    await lab(['off', this.name])
  }

  /** Power on again: same name, address and disk, nothing started. */
  async on(): Promise<void> {
    await lab(['add', this.name])
    this.#up = true
  }

  /** The end of it; done twice does no harm. */
  down(): Promise<void> {
    return this.off()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.off()
  }
}

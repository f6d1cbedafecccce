import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { finish } from './command.ts'
import { HostProcess } from './host-process.ts'

export interface DecodeOptions {
  /** tshark's -d, such as `tcp.port==1445,nbss`. */
  decodeAs?: readonly string[]
  /** tshark's -o, such as `ntlmssp.nt_password:Lab-Pass1`. */
  preferences?: readonly string[]
}

const broadcast = '10.213.255.255'
const discardPort = 9

/**
 * What the kernel keeps until tcpdump has read it. Each packet takes the room of the longest, so that the usual
 * 2 MiB lost some on a busy machine.
 */
const bufferKib = 65_536
const longestPacket = 131_072

/**
 * NFS and MOUNT, wherever the packet comes from: of two ports tshark would go by the lower one, and of 512 reserved
 * ports 24 are those of other protocols.
 */
const rpcPorts = [2049, 20_048]
const rpcRules = rpcPorts.flatMap((port) => [`tcp.port==${port},rpc`, `udp.port==${port},rpc`])

/** What passes a host's wire, from `start` on. */
export class Capture implements AsyncDisposable {
  readonly file: string
  readonly #tcpdump: HostProcess
  #stopped: Promise<void> | undefined

  private constructor(file: string, tcpdump: HostProcess) {
    this.file = file
    this.#tcpdump = tcpdump
  }

  /** Resolves once packets are seen. */
  static async start(host: string): Promise<Capture> {
    const file = join(await mkdtemp(join(tmpdir(), 'capture-')), 'packets.pcap')
    const options = ['--immediate-mode', '-U', '-Z', 'root', '-n']
    options.push('-s', `${longestPacket}`, '-B', `${bufferKib}`)
    const tcpdump = new HostProcess(host, 'tcpdump', [...options, '-i', 'eth0', '-w', file])
    await tcpdump.said(/listening on/)
    return new Capture(file, tcpdump)
  }

  /** Ends it, once every packet sent before now is in the file. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /** The fields of the packets that the display filter lets through, a record each. */
  async decode<Field extends string>(
    filter: string,
    fields: readonly Field[],
    { decodeAs = [], preferences = [] }: DecodeOptions = {},
  ): Promise<Record<Field, string>[]> {
    await this.stop()
    const [, lost = '0'] = /(\d+) packets? dropped by kernel/.exec(this.#tcpdump.stderr) ?? []
    if (lost !== '0')
      throw new Error(`the capture is not whole: the kernel dropped ${lost} packets`)
    // What ends a capture is no part of it: its random bytes may look like a broken packet of some protocol.
    const withoutOurs = `(${filter}) and not udp.dstport == ${discardPort}`
    const args = ['-n', '-r', this.file, '-Y', withoutOurs, '-T', 'fields']
    args.push('-o', 'tcp.reassemble_out_of_order:TRUE')
    for (const preference of preferences) args.push('-o', preference)
    for (const rule of [...rpcRules, ...decodeAs]) args.push('-d', rule)
    for (const field of fields) args.push('-e', field)
    const { status, stdout, stderr } = await finish('tshark', args)
    if (status !== 0) throw new Error(`tshark: ${stderr}`)
    const lines = stdout.split('\n').slice(0, -1)
    return lines.map((line) => {
      const values = line.split('\t')
      const entries = fields.map((field, index) => [field, values[index] ?? ''])
      return Object.fromEntries(entries) as Record<Field, string>
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(join(this.file, '..'), { recursive: true, force: true })
  }

  async #stop(): Promise<void> {
    // Packets are seen in order: when the last one, ours, is in the file, so is all before it.
    const last = randomBytes(16)
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, resolve))
    socket.setBroadcast(true)
    const deadlineMs = performance.now() + 5000
    while (performance.now() < deadlineMs) {
      socket.send(last, discardPort, broadcast)
      await sleep(10)
      if ((await readFile(this.file)).includes(last)) break
    }
    socket.close()
    await this.#tcpdump.kill('SIGTERM').catch(() => {})
    await this.#tcpdump.finished
  }
}

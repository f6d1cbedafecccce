import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../eventually.ts'
import type { Host } from '../lab.ts'
import { finish } from '../lab/command.ts'
import type { HostProcess } from '../lab/host-process.ts'

/** A process breaks down (SIGSEGV), and is gone. */
export async function crash(pid: number): Promise<void> {
  // To keep it from dumping core; one that acts for another user may not be ours to limit.
  await prlimit(pid, '--core=0').catch(() => {})
  process.kill(pid, 'SIGSEGV')
  await eventually('the process is gone', () => !existsSync(`/proc/${pid}`))
}

/** Processes that stand still go on after so long; resolves then with how late that was. */
export async function thawAfter(pids: readonly number[], ms: number): Promise<number> {
  const dueAt = performance.now() + ms
  await sleep(ms)
  for (const pid of pids) process.kill(pid, 'SIGCONT')
  return performance.now() - dueAt
}

/** Descriptors that a server holds as long as it lives; with a limit below them it never gets another one. */
const heldDescriptors = 4

/** A process gets no file descriptor any more, until the function that this gives is called. */
export async function exhaustDescriptors(pid: number): Promise<() => Promise<void>> {
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
  const usual = /^Max open files +(\d+)/m.exec(limits)?.[1] ?? '1024'
  const used = new Set(readdirSync(`/proc/${pid}/fd`).map(Number))
  for (let held = 0; held < heldDescriptors; held++) {
    if (!used.has(held)) throw new Error(`process ${pid} does not hold descriptor ${held}`)
  }
  await prlimit(pid, `--nofile=${heldDescriptors}:`)
  return async () => {
    if (existsSync(`/proc/${pid}`)) await prlimit(pid, `--nofile=${usual}:`)
  }
}

async function prlimit(pid: number, what: string): Promise<void> {
  const { status, stderr } = await finish('prlimit', ['--pid', String(pid), what])
  if (status !== 0) throw new Error(`prlimit: ${stderr}`)
}

/** Something was sent to one of these ports that the server has not read. */
export async function requestIsUnread(host: Host, ports: readonly number[]): Promise<void> {
  await eventually('a request lies unread at the server', async () => {
    const { stdout } = await host.exec('ss', ['-Htn', 'state', 'established'])
    return stdout.split('\n').some((line) => {
      const [unread = '0', , local = ''] = line.trim().split(/ +/)
      return Number(unread) > 0 && ports.includes(Number(/\d+$/.exec(local)?.[0]))
    })
  })
}

/** The plug is pulled: nothing more comes from the host, not even an end of its connections. */
export async function pullPlug(host: Host): Promise<void> {
  await host.cut({ mode: 'unplug' })
  await host.off()
}

/** The host is there again, with nothing started. */
export async function powerOn(host: Host): Promise<void> {
  await host.on()
  // It has another MAC address than before, which no real host has.
  await finish('ip', ['neighbour', 'delete', host.address, 'dev', 'br0'])
}

/** A file system of a process that can be frozen, over a directory: a disk that can die. */
export class MortalDisk {
  readonly #host: Host
  readonly #directory: string
  readonly #process: HostProcess
  readonly #pid: number

  private constructor(host: Host, directory: string, process: HostProcess, pid: number) {
    this.#host = host
    this.#directory = directory
    this.#process = process
    this.#pid = pid
  }

  static async mount(host: Host, directory: string): Promise<MortalDisk> {
    // What is known of its entries stays known, as in a kernel's caches.
    const known = 'nonempty,entry_timeout=86400,negative_timeout=86400,attr_timeout=86400'
    const options = ['-f', '--xattr-none', '-o', known, directory, directory]
    const process = host.spawn('bindfs', options)
    const pid = await process.pid()
    await eventually('the disk is mounted', async () => {
      return (await host.exec('mountpoint', ['--quiet', directory])).status === 0
    })
    await host.exec('ls', ['-l', directory])
    return new MortalDisk(host, directory, process, pid)
  }

  async freeze(): Promise<void> {
    process.kill(this.#pid, 'SIGSTOP')
    await eventually('the disk stands still', () => {
      return /^State:\s+T/m.test(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))
    })
  }

  async thaw(): Promise<void> {
    process.kill(this.#pid, 'SIGCONT')
  }

  /** Thaws it, and takes it away. */
  async remove(): Promise<void> {
    await this.thaw()
    await this.#host.exec('umount', ['--lazy', this.#directory])
    await this.#process.finished
  }
}

/** Mounts a file system over a directory that has no room left. */
export async function mountFull(host: Host, directory: string): Promise<void> {
  const script = `mkdir -p ${directory} && mount -t tmpfs -o size=64k,mode=777 full ${directory} &&
    echo hello >${directory}/hello.txt && ! cat /dev/zero >${directory}/fill 2>/dev/null`
  const { status, stderr } = await host.exec('sh', ['-c', script])
  if (status !== 0) throw new Error(`no full disk: ${stderr}`)
}

/** Puts a disk of its own at a place on a host, with a file on it. */
export async function mountDisk(host: Host, directory: string): Promise<void> {
  await inShell(
    host,
    `mkdir -p ${directory} && mount -t tmpfs -o size=1m,mode=777 disk ${directory} &&
    echo hello >${directory}/hello.txt`,
  )
}

/** Lets nobody write to a disk any more, or lets them again. */
export async function remount(host: Host, directory: string, how: 'ro' | 'rw'): Promise<void> {
  await inShell(host, `mount -o remount,${how} ${directory}`)
}

async function inShell(host: Host, script: string): Promise<void> {
  const { status, stderr } = await host.exec('sh', ['-c', script])
  if (status !== 0) throw new Error(`${script}: ${stderr}`)
}

/** Takes it away again. */
export async function unmount(host: Host, directory: string): Promise<void> {
  await host.exec('umount', ['--lazy', directory])
}

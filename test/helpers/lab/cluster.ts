import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { Host } from '../lab.ts'
import { eventually } from '../eventually.ts'
import type { MonitorRecord } from '../../../src/registry/record.ts'
import { lab } from './command.ts'

const commands = join(import.meta.dirname, '../../../bin')

/** One resource on one host, as `crm_mon` has it. */
export type Placed = { resource: string; host: string; role: string; failed: boolean }

/** A Pacemaker cluster of hosts that have Samba and Ganesha set up, and a license for the monitors. */
export class Cluster {
  readonly hosts: readonly Host[]

  private constructor(hosts: readonly Host[]) {
    this.hosts = hosts
  }

  /** Makes so many hosts and a cluster of them; all of it ends with the test. */
  static async create(t: Test, count: number): Promise<Cluster> {
    const hosts: Host[] = []
    t.teardown(() => Promise.all(hosts.map((host) => host.down())))
    for (let at = 0; at < count; at += 1) hosts.push(await Host.create({ name: 'node' }))
    const cluster = new Cluster(hosts)
    await Promise.all(hosts.map((host) => cluster.#license(host)))
    await lab(['cluster', ...hosts.map(({ name }) => name)])
    return cluster
  }

  /** The host of that name. */
  host(name: string | undefined): Host {
    const found = this.hosts.find((host) => host.name === name)
    if (found === undefined) throw new Error(`no host ${name}`)
    return found
  }

  /** Gives the cluster resources and more, in the words of `crm configure`. */
  async configure(text: string): Promise<void> {
    await this.#crm(['-F', 'configure'], text)
  }

  /** Forgets the failures of a resource, as an operator does who has put things right. */
  async cleanUp(resource: string): Promise<void> {
    await this.#run('crm_resource', ['--cleanup', '--resource', resource])
  }

  /** Lets the cluster act on a resource, or only look at it. */
  async manage(resource: string, managed: boolean): Promise<void> {
    const words = ['--meta', '--set-parameter', 'is-managed', '--parameter-value', String(managed)]
    await this.#run('crm_resource', ['--resource', resource, ...words])
  }

  /** Where resources run, as a host sees it, or the first that is up. */
  async placed(from?: Host): Promise<Placed[]> {
    const xml = await this.status(from)
    return [...xml.matchAll(/<resource id="([^":]+)[^"]*"([^>]*)>\s*<node name="([^"]+)"/g)].map(
      ([, resource = '', attributes = '', host = '']) => ({
        resource,
        host,
        role: /role="(\w+)"/.exec(attributes)?.[1] ?? '',
        failed: attributes.includes('failed="true"'),
      }),
    )
  }

  /** The name of the one host on which a resource is started; undefined while there is none or more. */
  async whereIs(resource: string): Promise<string | undefined> {
    const found = (await this.placed()).filter(
      (each) => each.resource === resource && each.role === 'Started' && !each.failed,
    )
    return found.length === 1 ? found[0]?.host : undefined
  }

  /** Waits until all of these are started on one and the same host, perhaps any but one; names it. */
  async started(resources: readonly string[], except?: string): Promise<string> {
    let where: (string | undefined)[] = []
    await eventually(
      `${resources.join(', ')} started`,
      async () => {
        where = await Promise.all(resources.map((each) => this.whereIs(each)))
        return where[0] !== undefined && where[0] !== except && new Set(where).size === 1
      },
      90_000,
    )
    return where[0] ?? ''
  }

  /** What `crm_mon` shows, failures and their reasons included. */
  async status(from?: Host): Promise<string> {
    const args = ['-1', '--output-as=xml']
    for (const host of from === undefined ? this.hosts : [from]) {
      const { status, stdout } = await host.exec('crm_mon', args)
      if (status === 0) return stdout
    }
    throw new Error('no host tells of the cluster')
  }

  /** How often a resource has failed on a host since its failures were forgotten. */
  async failures(resource: string, host: string): Promise<number> {
    const args = ['--query', '--resource', resource, '--node', host]
    const said = await this.#run('crm_failcount', args)
    const value = /value=(\w+)/.exec(said)?.[1]
    return value === 'INFINITY' ? Infinity : Number(value)
  }

  /** Gives a command of this product on a host. */
  async command(host: string, name: string, args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.host(host).exec('env', [
      '-u',
      'NODE_OPTIONS',
      join(commands, name),
      ...args,
    ])
    if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${status} ${stdout}${stderr}`)
    return stdout
  }

  /** The record of a monitor on a host; it has none before it starts, and after an end by force. */
  async record(host: string, id: string): Promise<MonitorRecord | undefined> {
    const { status, stdout } = await this.host(host).exec('cat', [`/run/clp-fsmon/${id}.json`])
    return status === 0 ? (JSON.parse(stdout) as MonitorRecord) : undefined
  }

  /** Waits until a monitor watches that is not this process; gives its record. */
  async watching(host: string, id: string, except?: number): Promise<MonitorRecord> {
    let record: MonitorRecord | undefined
    await eventually(`${id} watches on ${host}`, async () => {
      record = await this.record(host, id)
      const { state, process, ended } = record ?? {}
      return state === 'watching' && process?.pid !== except && ended === undefined
    })
    if (record === undefined) throw new Error('unreachable')
    return record
  }

  /** All that the cluster's daemons have logged on a host. */
  log(host: string): string {
    const file = `/run/clp-fsmon-lab/hosts/${host}/disk/var/log/pacemaker/pacemaker.log`
    return readFileSync(file, 'utf8')
  }

  async #license(host: Host): Promise<void> {
    await this.command(host.name, 'clplcnsc', ['--community'])
  }

  async #crm(args: readonly string[], stdin: string): Promise<void> {
    await this.#run('crm', args, stdin)
  }

  async #run(command: string, args: readonly string[], stdin = ''): Promise<string> {
    for (const host of this.hosts) {
      const { status, stdout, stderr } = await host.exec(command, args, { stdin })
      if (status === 0) return stdout
      if (!/connect|not connected|No such host/i.test(stderr)) {
        throw new Error(`${command} ${args.join(' ')}: ${status} ${stdout}${stderr}`)
      }
    }
    throw new Error(`${command}: no host is in a cluster`)
  }
}

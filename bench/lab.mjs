import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const command = join(import.meta.dirname, '../scripts/lab')

async function lab(...words) {
  return (await run(command, words, { timeout: 120_000 })).stdout
}

/** Starts a server on a host of its own in this world. */
export async function startServer(service) {
  const [name, address] = (await lab('add', '--unique', service)).split('\n')
  await lab('start', name, service)
  return {
    address,
    /** Its processes, as this world sees them. */
    pids: async () => (await lab('pids', name, service)).trim().split('\n').map(Number),
    off: () => lab('off', name),
  }
}

/** How many TCP connections were begun in this network namespace so far. */
export function connectionsBegun() {
  const [names, values] = readFileSync('/proc/net/snmp', 'latin1')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf('ActiveOpens')])
}

/** Ports are free again at once: hundreds of connections from reserved ones would use them up, for any client. */
export async function freePortsAtOnce() {
  await run('sysctl', ['-qw', 'net.ipv4.tcp_max_tw_buckets=0'])
}

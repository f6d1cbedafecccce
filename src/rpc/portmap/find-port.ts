import { isIPv6 } from 'node:net'
import { authNone } from '../credential.ts'
import type { Program } from '../procedure.ts'
import type { RpcClient } from '../rpc-client.ts'
import { RpcError } from '../rpc-error.ts'
import { getAddress, rpcbind } from './get-address.ts'
import { getPort, portmapper } from './get-port.ts'

/**
 * Asks the portmapper behind a client where a program is served; throws `program-not-registered` if nowhere.
 *
 * Version 2 knows nothing of IPv6, and a server may have versions 3 and 4 alone.
 */
export async function findPort(
  client: RpcClient,
  address: string,
  program: Program,
  protocol: 'tcp' | 'udp',
): Promise<number> {
  const port = isIPv6(address)
    ? await askRpcbind(client, program, `${protocol}6`)
    : await orElse(
        () => client.call(portmapper, getPort, authNone, { program, protocol }),
        () => askRpcbind(client, program, protocol),
      )
  if (port === 0) {
    const { number, version } = program
    throw new RpcError({ kind: 'program-not-registered', program: number, version })
  }
  return port
}

function askRpcbind(
  client: RpcClient,
  program: Program,
  netid: 'tcp' | 'udp' | 'tcp6' | 'udp6',
): Promise<number> {
  const ask = (version: 3 | 4) =>
    client.call(rpcbind(version), getAddress, authNone, { program, netid })
  return orElse(
    () => ask(4),
    () => ask(3),
  )
}

async function orElse(
  first: () => Promise<number>,
  instead: () => Promise<number>,
): Promise<number> {
  try {
    return await first()
  } catch (error) {
    if (error instanceof RpcError && error.refusal.kind === 'version-mismatch') return instead()
    throw error
  }
}

import { mountProgram } from '../rpc/mount/mnt.ts'
import { nfs3Program } from '../rpc/nfs3/protocol.ts'
import { findPort } from '../rpc/portmap/find-port.ts'
import type { NfsCheck, NfsTarget } from './nfs-check.ts'

/** Where NFS version 3 and, for more than its NULL, MOUNT are served. */
export type Nfs3Ports = { nfs: number; mount: number | undefined }

/** The portmapper's own port. */
const usualPortmapPort = 111

/** Asks the portmapper for the ports that were not given; `onConnect` tells that one is there to be asked. */
export async function findNfs3Ports(
  check: NfsCheck,
  signal: AbortSignal,
  onConnect?: () => void,
): Promise<Nfs3Ports> {
  const { depth, nfsPort, mountPort, portmapPort, transport } = check.target
  const mountWanted = depth !== 'service'
  if (nfsPort !== undefined && (!mountWanted || mountPort !== undefined)) {
    return { nfs: nfsPort, mount: mountWanted ? mountPort : undefined }
  }
  const client = await check.connections.openPlain(portmapPort ?? usualPortmapPort, signal)
  try {
    onConnect?.()
    const { address } = check
    const nfs = nfsPort ?? (await findPort(client, address, nfs3Program, transport))
    if (!mountWanted) return { nfs, mount: undefined }
    const mount = mountPort ?? (await findPort(client, address, mountProgram, transport))
    return { nfs, mount }
  } finally {
    client.close('abrupt')
  }
}

/** Whether the portmapper has to be asked at all. */
export function needsPortmapper({ depth, nfsPort, mountPort }: NfsTarget): boolean {
  return nfsPort === undefined || (depth !== 'service' && mountPort === undefined)
}

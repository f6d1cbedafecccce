import { networkInterfaces } from 'node:os'
import { ownAddress } from '../../probe/own-address.ts'
import type { Probe } from '../../probe/probe.ts'
import type { MeasureSpace } from '../../probe/space.ts'
import type { Io } from '../io.ts'
import type { MonitorSettings, NfsSettings, SambaSettings } from './monitor-request.ts'
import { settleLogin } from './settle-login.ts'

/** A probe, and how its target is called in alerts and in records. */
export type ComposedProbe = {
  probe: Probe
  /** asks how much space is left; loaded where it is wanted */
  measureSpace: () => Promise<MeasureSpace>
  /** the share or directory, as alerts name it */
  target: string
  address: string
  /** everything that was settled and may be shown: no secrets */
  options: Readonly<Record<string, string | number | boolean>>
}

/** Puts the probe together that the settings describe; loads only the protocol that is needed. */
export async function composeProbe(settings: MonitorSettings, io: Io): Promise<ComposedProbe> {
  const { depth, path, timing } = settings
  const shared = { ...timing, depth, ...(path !== undefined && { path }) }
  return settings.command === 'clp_sambamon'
    ? composeSamba(settings, shared, io)
    : composeNfs(settings, shared, io)
}

type Shared = ComposedProbe['options']

async function composeSamba(
  settings: SambaSettings & Pick<MonitorSettings, 'depth' | 'path'>,
  shared: Shared,
  io: Io,
): Promise<ComposedProbe> {
  const { share, address, port, encrypt, depth, path } = settings
  const login = settleLogin(settings, io.env, io.uid)
  const [{ sambaProbe }, { Credentials }] = await Promise.all([
    import('../../probe/samba.ts'),
    import('../../smb/auth/credentials.ts'),
  ])
  const credentials =
    login === undefined
      ? Credentials.anonymous()
      : login.user === 'guest' && login.password === undefined
        ? Credentials.guest()
        : Credentials.user(login.user, login.password ?? '', login.domain)
  const asked = {
    host: address,
    port,
    share,
    depth,
    credentials,
    encrypt,
    ...(path !== undefined && { path }),
  }
  return {
    probe: sambaProbe(asked),
    measureSpace: async () => (await import('../../probe/samba-space.ts')).sambaSpace(asked),
    target: share,
    address,
    options: { ...shared, address, port, share, encrypt, user: login?.user ?? '' },
  }
}

async function composeNfs(
  settings: NfsSettings & Pick<MonitorSettings, 'depth' | 'path'>,
  shared: Shared,
  io: Io,
): Promise<ComposedProbe> {
  const { directory, nfsPort, mountPort, nfsVersion, transport, depth, path } = settings
  const { nfsProbe } = await import('../../probe/nfs.ts')
  const address = settings.address ?? ownAddress(networkInterfaces())
  const ports = {
    ...(nfsPort !== undefined && { nfsPort }),
    ...(mountPort !== undefined && { mountPort }),
  }
  const asked = {
    host: address,
    directory,
    depth,
    version: nfsVersion,
    transport,
    machineName: io.hostName(),
    privileged: io.uid === 0,
    ...ports,
    ...(path !== undefined && { path }),
  }
  return {
    probe: nfsProbe(asked),
    measureSpace: async () => (await import('../../probe/nfs-space.ts')).nfsSpace(asked),
    target: directory,
    address,
    options: { ...shared, ...ports, address, directory, nfsVersion, transport },
  }
}

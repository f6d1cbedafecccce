import { Credentials } from '../../../src/smb/auth/credentials.ts'
import type { SambaTarget } from '../../../src/probe/samba.ts'
import { user } from '../smb-client.ts'
import type { SmbServerOptions } from '../smb-server.ts'

/** One way for a good run to go: what the server has, and who asks for how much. */
export type SmbRun = {
  name: string
  who: 'user' | 'guest' | 'anonymous'
  dialect: number
  /** SMB 3.1.1's signing algorithm; older dialects have one each */
  signing: number
  cipher: number
  /** from where on messages are sealed */
  sealedFrom: 'nowhere' | 'session' | 'share'
  depth: SambaTarget['depth']
  path?: string
  netbios?: boolean
}

/** The server of a run. */
export function serverOf(run: SmbRun): SmbServerOptions {
  const flags = { user: 0, guest: 1, anonymous: 2 }[run.who]
  return {
    strict: true,
    dialect: run.dialect,
    signing: run.signing,
    cipher: run.cipher,
    sessionFlags: flags | (run.sealedFrom === 'session' ? 4 : 0),
    shareFlags: run.sealedFrom === 'share' ? 0x8000 : 0,
  }
}

/** What is asked of the server of a run. */
export function targetOf(run: SmbRun, port: number): SambaTarget {
  return {
    host: '127.0.0.1',
    port,
    share: 'pub',
    depth: run.depth,
    credentials: who[run.who],
    encrypt: false,
    ...(run.path === undefined ? {} : { path: run.path }),
    ...(run.netbios === undefined ? {} : { netbios: run.netbios }),
  }
}

const who = { user, guest: Credentials.guest(), anonymous: Credentials.anonymous() }

const usual = { signing: 2, cipher: 2, sealedFrom: 'nowhere' } as const

/** Every dialect, every way to sign and to seal, everybody who may log in, every depth. */
export const smbRuns: readonly SmbRun[] = [
  { ...usual, name: '3.1.1 signed with GMAC', who: 'user', dialect: 0x0311, depth: 'share' },
  { ...usual, name: 'guest of 3.1.1', who: 'guest', dialect: 0x0311, depth: 'read' },
  { ...usual, name: 'guest who writes', who: 'guest', dialect: 0x0302, depth: 'write', path: 'f' },
  { ...usual, name: 'anonymous', who: 'anonymous', dialect: 0x0311, depth: 'share', netbios: true },
  { ...usual, name: '3.0.2 signed with CMAC', who: 'user', dialect: 0x0302, depth: 'write' },
  {
    ...usual,
    name: '2.1 signed with HMAC',
    who: 'user',
    dialect: 0x0210,
    depth: 'read',
    path: 'f',
    cipher: 0,
  },
  { ...usual, name: '2.0.2', who: 'user', dialect: 0x0202, depth: 'share', cipher: 0 },
  {
    ...usual,
    name: '3.1.1 sealed with GCM',
    who: 'user',
    dialect: 0x0311,
    depth: 'read',
    sealedFrom: 'session',
  },
  {
    ...usual,
    name: '3.0 sealed with CCM',
    who: 'user',
    dialect: 0x0300,
    depth: 'share',
    cipher: 1,
    sealedFrom: 'share',
  },
  {
    ...usual,
    name: '3.1.1 sealed with 256 bits',
    who: 'user',
    dialect: 0x0311,
    depth: 'share',
    signing: 0,
    cipher: 4,
    sealedFrom: 'share',
  },
]

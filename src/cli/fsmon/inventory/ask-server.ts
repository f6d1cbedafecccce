import type { Answer, Item, Protocol } from '../../../inventory/item.ts'
import type { ListedShare } from '../../../dcerpc/net-share-enum.ts'
import type { Outcome, Stage } from '../../../probe/probe.ts'
import { listMountExports, listNfs4Exports, type NfsPlace } from '../../../probe/nfs-exports.ts'
import type { PseudoList } from '../../../probe/nfs-pseudo.ts'
import { listSambaShares } from '../../../probe/samba-shares.ts'
import type { Exported } from '../../../rpc/mount/export.ts'
import { Credentials } from '../../../smb/auth/credentials.ts'
import type { Io } from '../../io.ts'
import type { Login } from '../../monitor/credentials-file.ts'
import type { ServerPlace } from './server-places.ts'

/** What became of asking one server by one protocol. */
export type Asked = { stages: Stage[] } & (
  | { kind: 'answer'; answer: Answer }
  /** the server says that it has no such service */
  | { kind: 'not-served'; reason: string }
  /** nothing is known: no answer, a refusal, nonsense */
  | { kind: 'failed'; reason: string }
  /** the same, for a reason on our own side */
  | { kind: 'own-trouble'; reason: string }
  /** nobody wanted to know any more */
  | { kind: 'aborted' }
)

/** As whom servers are asked. */
export type Asker = { login: Login | undefined; encrypt: boolean; io: Pick<Io, 'hostName' | 'uid'> }

/** Asks a server for everything that it has by one protocol; never throws. */
export async function askServer(
  place: ServerPlace,
  protocol: Protocol,
  { login, encrypt, io }: Asker,
  signal: AbortSignal,
): Promise<Asked> {
  if (protocol === 'smb') {
    const credentials =
      login === undefined
        ? Credentials.anonymous()
        : login.user === 'guest' && login.password === undefined
          ? Credentials.guest()
          : Credentials.user(login.user, login.password ?? '', login.domain)
    const { address: host, port } = place
    const { outcome, found } = await listSambaShares(
      { host, port: port ?? 445, credentials, encrypt },
      signal,
    )
    const session = 'detail' in outcome ? String(outcome.detail['session'] ?? '') : ''
    const askedAs = session === 'user' ? `user ${login?.user ?? ''}` : session
    return asked(outcome, found && { items: shareItems(found), isComplete: true, askedAs })
  }
  const { address: host, nfsPort, mountPort } = place
  const target: NfsPlace = {
    host,
    machineName: io.hostName(),
    privileged: io.uid === 0,
    ...(nfsPort !== undefined && { nfsPort }),
    ...(mountPort !== undefined && { mountPort }),
  }
  if (protocol === 'nfs3') {
    const { outcome, found } = await listMountExports(target, signal)
    return asked(outcome, found && { items: exportItems(found), isComplete: true, askedAs: '' })
  }
  const { outcome, found } = await listNfs4Exports(target, signal)
  return asked(outcome, found && { ...pseudoItems(found), askedAs: '' })
}

function asked(outcome: Outcome, answer: Answer | undefined): Asked {
  const { stages } = outcome
  switch (outcome.kind) {
    case 'ok':
      return answer === undefined
        ? { kind: 'own-trouble', stages, reason: 'no answer was kept' }
        : { kind: 'answer', stages, answer }
    case 'failed':
      return {
        kind: isNotServed(outcome) ? 'not-served' : 'failed',
        stages,
        reason: outcome.reason,
      }
    case 'cannot-judge':
      return { kind: 'own-trouble', stages, reason: outcome.reason }
    case 'aborted':
      return { kind: 'aborted', stages }
  }
}

/** A port where nobody listens, or a program that the server says it has not. */
function isNotServed({ failure, reason, cause }: Outcome & { kind: 'failed' }): boolean {
  if (failure === 'connect') return reason.includes('ECONNREFUSED')
  return /^RPC: Program(?: not registered|\/version mismatch| unavailable)/.test(cause.text ?? '')
}

const specialFlag = 0x8000_0000
const shareTypes = ['disk', 'printer', 'device', 'ipc'] as const

/** What the numbers of shares mean ([MS-SRVS] 2.2.2.4). */
function shareItems(found: readonly ListedShare[]): Item[] {
  return found.map(({ name, type, comment }) => {
    const kind = shareTypes[type & 0xff] ?? `type ${type & 0xff}`
    const isSpecial = (type & specialFlag) !== 0 || kind !== 'disk'
    return { name, properties: { type: kind, comment }, ...(isSpecial && { isSpecial }) }
  })
}

/** A directory may be listed once for each of those that it is for; in which order means nothing. */
function exportItems(found: readonly Exported[]): Item[] {
  const access = new Map<string, Set<string>>()
  for (const { directory, groups } of found) {
    const all = access.get(directory) ?? new Set()
    for (const group of groups.length === 0 ? ['*'] : groups) all.add(group)
    access.set(directory, all)
  }
  return Array.from(access, ([name, groups]) => ({
    name,
    properties: { access: [...groups].toSorted().join(' ') },
  }))
}

function pseudoItems({ exports: found, isComplete }: PseudoList): Omit<Answer, 'askedAs'> {
  const items = found.map(({ directory, refusal }) => ({
    name: directory,
    properties: refusal === undefined ? {} : { access: refusal },
  }))
  return { items, isComplete }
}

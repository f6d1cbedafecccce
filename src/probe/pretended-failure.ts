import { SocketError } from '../wire/socket-error.ts'
import type { Judgement } from './run-check.ts'

/** A failure that a server is only said to have, in the words of a real one. */
export type PretendedFailure = Judgement & { stage: string }

const refused = () => new SocketError('connect', 'ECONNREFUSED', 111)

/** How it looks when connections are refused, or nothing is answered. */
export async function pretendedFailure(
  server: 'samba' | 'nfs',
  what: 'refused' | 'silent',
): Promise<PretendedFailure> {
  if (server === 'samba') {
    const { judgeSamba, onSambaTimeout } = await import('./samba-judgement.ts')
    return what === 'refused'
      ? { stage: 'connect', ...certain(judgeSamba(refused(), 'connect')) }
      : { stage: 'negotiate', ...onSambaTimeout('negotiate') }
  }
  const { judgeNfs, judgeNfsTimeout } = await import('./nfs-judgement.ts')
  return what === 'refused'
    ? { stage: 'connect', ...certain(judgeNfs(refused(), 'connect')) }
    : { stage: 'null', ...judgeNfsTimeout('null', undefined) }
}

function certain(judgement: Judgement | undefined): Judgement {
  if (judgement === undefined) throw new TypeError('a refused connection is no failure')
  return judgement
}

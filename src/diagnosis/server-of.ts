import type { Facts, Program } from './facts.ts'

/** The program that is to serve the target on this host; undefined where there is no sign of one. */
export function serverOf({ target, processes = [], configuration }: Facts): Program | undefined {
  if (target.kind === 'samba')
    return processes.some(({ program }) => program === 'ksmbd') ? undefined : 'smbd'
  if (processes.some(({ program }) => program === 'nfsd')) return 'nfsd'
  if (processes.some(({ program }) => program === 'ganesha.nfsd')) return 'ganesha.nfsd'
  return configuration?.program
}

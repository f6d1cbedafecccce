import type { Program } from './facts.ts'

const names: readonly (readonly [RegExp, Program])[] = [
  [/^(smbd|samba$|samba:|cleanupd$|lpqd$)/, 'smbd'],
  [/^(winbindd|wb[:[-])/, 'winbindd'],
  [/^ganesha\.nfsd/, 'ganesha.nfsd'],
  [/^nfsd$/, 'nfsd'],
  [/^(rpcbind|portmap)$/, 'rpcbind'],
  [/^rpc\.mountd$/, 'rpc.mountd'],
  [/^ksmbd/, 'ksmbd'],
]

/** Which program of file service a process is, by the name that the kernel has for it. */
export function programOf(name: string): Program | undefined {
  return names.find(([pattern]) => pattern.test(name))?.[1]
}

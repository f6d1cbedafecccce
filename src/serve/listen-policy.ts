import { isLoopback } from './listen-address.ts'

/** What decides whether an address may be listened on. */
export type ListenWish = {
  host: string
  hasTls: boolean
  hasToken: boolean
  /** it was said that it may be in the open */
  insecure: boolean
  allowControl: boolean
}

/** What is to be said about the wish: nothing, a warning, or why not. */
export type ListenVerdict = 'fine' | 'warn-open' | 'refuse-open' | 'refuse-control'

/** Judges a wish: others than this host only with TLS and a token, or when that was said out loud. */
export function judgeListening(wish: ListenWish): ListenVerdict {
  if (wish.allowControl && !wish.hasToken) return 'refuse-control'
  if (isLoopback(wish.host) || (wish.hasTls && wish.hasToken)) return 'fine'
  return wish.insecure ? 'warn-open' : 'refuse-open'
}

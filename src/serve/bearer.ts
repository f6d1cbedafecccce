import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether an Authorization header carries the token; takes as long for a wrong one as for the right one. */
export function carriesToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer +([^\s]+) *$/i.exec(header ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token)) && given !== ''
}

/** Digests have one length, and say nothing of how much was right. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

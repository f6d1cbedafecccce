import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { ServeError } from './serve-error.ts'

/** Above this a file is something else. */
const largestBytes = 64 * 1024

/** Reads a file that nobody else may read; one that is not secret may be read by all. */
export function readFileFor(
  file: string,
  uid: number,
  { isSecret }: { isSecret: boolean },
): string {
  let fd: number
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ServeError('file.unreadable', { file, code })
  }
  try {
    const about = fstatSync(fd)
    if (!about.isFile() || about.size > largestBytes)
      throw new ServeError('file.notAFile', { file })
    if (isSecret && (about.mode & 0o077) !== 0) {
      const mode = (about.mode & 0o777).toString(8).padStart(4, '0')
      throw new ServeError('file.mode', { file, mode })
    }
    if (isSecret && about.uid !== uid && about.uid !== 0) {
      throw new ServeError('file.owner', { file, uid: about.uid })
    }
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/** The token in a file that holds nothing else. */
export function readTokenFile(file: string, uid: number): string {
  const token = readFileFor(file, uid, { isSecret: true }).trim()
  if (!isToken(token)) throw new ServeError('file.token', { file })
  return token
}

/** The tokens of peers in a file, by the peers' addresses. */
export function readPeerTokens(
  file: string,
  uid: number,
  peers: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>()
  const lines = readFileFor(file, uid, { isSecret: true }).split('\n')
  for (const [at, line] of lines.entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue
    const [, url = '', token = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(line) ?? []
    const peer = URL.canParse(url) ? new URL(url).href : ''
    if (!peers.has(peer) || token === '') {
      throw new ServeError('file.tokens', { file, line: at + 1 })
    }
    tokens.set(peer, token)
  }
  return tokens
}

function isToken(text: string): boolean {
  return /^[\x21-\x7e]{16,512}$/.test(text)
}

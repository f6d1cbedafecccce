import { statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Program, ServerProcess } from './facts.ts'

const readers: ReadonlySet<Program> = new Set<Program>(['smbd', 'ganesha.nfsd'])

/**
 * Whether the server sees other files than we do under the same names, as one in a container does that
 * shares our network.
 */
export function hasOtherRoot(root: string, processes: readonly ServerProcess[]): boolean {
  const server = processes.find(({ program, state }) => readers.has(program) && state !== 'Z')
  if (server === undefined) return false
  const its = statsOf(join(root, '/proc', String(server.pid), 'root'))
  const ours = statsOf(join(root, '/'))
  return its !== undefined && ours !== undefined && (its.dev !== ours.dev || its.ino !== ours.ino)
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    // It has gone, or only root may look.
    return undefined
  }
}

import type { Entry, Registry } from '../../registry/registry.ts'
import type { Io } from '../io.ts'
import { fill, type Texts } from '../texts.ts'
import { statusTable } from './status-table.ts'

/** What `clp_fsmon status` is to show. */
export type StatusJob = {
  id: string | undefined
  json: boolean
  directory: string
  registry: Pick<Registry, 'list' | 'read'>
  texts: Texts
  io: Io
}

/** Shows all monitors of this host, or one; resolves with the exit status. */
export async function showStatus({
  id,
  json,
  directory,
  registry,
  texts,
  io,
}: StatusJob): Promise<number> {
  const entries =
    id === undefined
      ? await registry.list()
      : new Map<string, Entry>([[id, await registry.read(id)]])
  if (id !== undefined && entries.get(id)?.kind === 'none') {
    io.err(`clp_fsmon: ${fill(texts.fsmon.unknownId, { id })}\n`)
    return 3
  }
  if (json) {
    io.out(`${JSON.stringify(Array.from(entries, shown), null, 2)}\n`)
    return 0
  }
  io.out(
    entries.size === 0
      ? `${fill(texts.status.empty, { directory })}\n`
      : statusTable(entries, texts),
  )
  return 0
}

function shown([file, entry]: [string, Entry]): object {
  if (entry.kind === 'none') return { file, condition: 'none' }
  if (entry.kind === 'unreadable') return { file, condition: 'unreadable', reason: entry.reason }
  return { file, condition: entry.kind, record: entry.record }
}

import type { Asked } from './ask-server.ts'
import type { InventoryTexts } from './inventory-texts.ts'
import type { Row, ServerView } from './server-view.ts'
import { fill } from '../../texts.ts'
import { harmless } from '../../view/columns.ts'
import { align } from '../status-table.ts'

/** What was found at a server, for people. */
export function inventoryText(view: ServerView, all: boolean, words: InventoryTexts): string {
  const lines: string[] = []
  for (const kind of ['smb', 'nfs'] as const) {
    const isAnswered = Array.from(view.asked).some(
      ([protocol, { kind: what }]) =>
        (protocol === 'smb') === (kind === 'smb') && what === 'answer',
    )
    if (!isAnswered) continue
    const rows = view.rows.filter((row) => row.kind === kind)
    const shown = rows.filter((row) => all || !row.isSpecial)
    const unwatched = shown.filter(({ watchedBy }) => watchedBy.length === 0).length
    const heading = kind === 'smb' ? words.shares : words.exports
    lines.push(fill(heading, { server: view.server, count: shown.length, unwatched }))
    const table = kind === 'smb' ? shareTable(shown, words) : exportTable(shown, words)
    if (shown.length > 0) lines.push(...align(table).map((line) => `  ${line}`))
    const count = rows.length - shown.length
    if (count > 0) lines.push(`  ${fill(words.hidden, { count })}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** What could not be found out at a server, and why. */
export function inventoryTroubles(view: ServerView, words: InventoryTexts): string[] {
  return Array.from(view.asked).flatMap(([key, asked]) => {
    const place = { server: view.server, protocol: words.protocol[key] }
    switch (asked.kind) {
      case 'answer':
        return asked.answer.isComplete ? [] : fill(words.incomplete, place)
      case 'not-served':
        return fill(words.notServed, { ...place, reason: harmless(asked.reason) })
      case 'failed':
      case 'own-trouble':
        return fill(words.failed, { ...place, reason: harmless(asked.reason) })
      case 'aborted':
        return []
    }
  })
}

/** What was found at a server, for programs. */
export function inventoryJson({ server, place, asked, rows }: ServerView, all: boolean): object {
  return {
    server,
    address: place.address,
    protocols: Object.fromEntries(Array.from(asked, ([key, each]) => [key, askedJson(each)])),
    items: rows.filter((row) => all || !row.isSpecial).map(itemJson),
  }
}

function itemJson({ kind, name, protocols, properties, isSpecial, watchedBy }: Row): object {
  return { kind, name, protocols, ...properties, special: isSpecial, watchedBy }
}

function askedJson(asked: Asked): object {
  const ms = Math.round(asked.stages.reduce((sum, stage) => sum + stage.ms, 0))
  switch (asked.kind) {
    case 'answer': {
      const { items, isComplete, askedAs } = asked.answer
      return { status: 'answered', complete: isComplete, count: items.length, askedAs, ms }
    }
    case 'aborted':
      return { status: 'aborted' }
    case 'not-served':
    case 'failed':
    case 'own-trouble':
      return { status: asked.kind, reason: asked.reason, ms }
  }
}

function shareTable(rows: readonly Row[], words: InventoryTexts): string[][] {
  return [
    words.headShares,
    ...rows.map(({ name, properties, watchedBy }) =>
      [
        name,
        properties['type'] ?? '',
        short(properties['comment'] ?? ''),
        watchers(watchedBy, words),
      ].map(harmless),
    ),
  ]
}

function exportTable(rows: readonly Row[], words: InventoryTexts): string[][] {
  return [
    words.headExports,
    ...rows.map(({ name, protocols, properties, watchedBy }) =>
      [
        name,
        protocols.map((protocol) => protocol.slice(3)).join(', '),
        short(properties['access'] ?? ''),
        watchers(watchedBy, words),
      ].map(harmless),
    ),
  ]
}

function watchers(watchedBy: Row['watchedBy'], words: InventoryTexts): string {
  if (watchedBy.length === 0) return words.none
  return watchedBy
    .map(({ id, depth, state, directory }) => {
      const more = [depth, directory, state === 'watching' ? undefined : state]
      return `${id} (${more.filter((word) => word !== undefined).join(', ')})`
    })
    .join(', ')
}

const longestCell = 60

function short(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text
}

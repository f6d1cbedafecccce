import { fill } from '../../texts.ts'
import { harmless } from '../../view/columns.ts'
import type { InventorySettings } from './inventory-settings.ts'
import { inventoryTroubles } from './inventory-text.ts'
import type { InventoryTexts } from './inventory-texts.ts'
import type { Row, ServerView } from './server-view.ts'

/** So long a target of a watch may be. */
const longestTarget = 255

/**
 * A list for `clp_fsmon run` of what is watched by none; IDs are made of the names and unlike those that
 * there are, to which they are added.
 */
export function inventoryToml(
  view: ServerView,
  settings: Pick<InventorySettings, 'all' | 'credentialsFile' | 'encrypt'>,
  ids: Set<string>,
  words: InventoryTexts,
): string {
  const rows = view.rows.filter(
    ({ watchedBy, isSpecial }) => watchedBy.length === 0 && (settings.all || !isSpecial),
  )
  // Whoever reads the file later has not seen what was said beside it.
  const troubles = inventoryTroubles(view, words).map((line) => `# ${line}\n`)
  if (rows.length === 0) {
    const what = words[isAllKnown(view) ? 'toml-none' : 'toml-unknown']
    return [`# ${view.server}: ${what}\n`, ...troubles].join('')
  }
  const title = `# ${harmless(fill(words['toml-head'], { server: view.server }))}\n`
  const head = [title, ...troubles].join('')
  return head + rows.map((row) => watchTable(row, view, settings, ids, words)).join('')
}

/** A server that did not answer has not nothing. */
function isAllKnown({ asked }: ServerView): boolean {
  const all = [...asked.values()]
  return (
    all.some(({ kind }) => kind === 'answer') &&
    all.every((each) =>
      each.kind === 'answer' ? each.answer.isComplete : each.kind === 'not-served',
    )
  )
}

function watchTable(
  row: Row,
  { place }: ServerView,
  { credentialsFile, encrypt }: Pick<InventorySettings, 'credentialsFile' | 'encrypt'>,
  ids: Set<string>,
  words: InventoryTexts,
): string {
  const { kind, name, protocols, properties } = row
  const isOdd = Buffer.byteLength(name) > longestTarget || /\p{Cc}|\p{Cs}/u.test(name)
  const isUnfit =
    kind === 'smb'
      ? !['disk', 'printer'].includes(properties['type'] ?? '')
      : !name.startsWith('/') || (protocols.length === 1 && isRefused(row))
  if (isOdd || isUnfit) return `\n# ${harmless(fill(words['toml-odd'], { name }))}\n`
  const [only, other] = protocols
  const { address, port, nfsPort, mountPort } = place
  const values: Record<string, string | number | boolean | undefined> =
    kind === 'smb'
      ? {
          kind: 'samba',
          share: name,
          address,
          port,
          credentials: credentialsFile,
          encrypt: encrypt || undefined,
        }
      : {
          kind: 'nfs',
          directory: name,
          address,
          'nfs-version': other === undefined ? only?.slice(3) : undefined,
          'nfs-port': nfsPort,
          'mount-port': mountPort,
        }
  const lines = Object.entries({ id: newId(name, ids), ...values }).flatMap(([key, value]) =>
    value === undefined ? [] : `${key} = ${typeof value === 'string' ? quoted(value) : value}\n`,
  )
  return `\n[[watch]]\n${lines.join('')}`
}

function isRefused({ protocols, properties }: Row): boolean {
  return protocols[0] === 'nfs4' && properties['access'] !== undefined
}

/** An ID that says what it is, as far as letters and digits can. */
function newId(name: string, ids: Set<string>): string {
  const stem = name.replace(/[^0-9A-Za-z]/g, '').slice(0, 60) || 'watch'
  for (let at = 1; ; at++) {
    const id = at === 1 ? stem : `${stem}x${at}`
    if (ids.has(id)) continue
    ids.add(id)
    return id
  }
}

/** A basic string of TOML; there are no control characters left in what comes here. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

import type { Answer, Item, Protocol } from './item.ts'

/** One property that is not what it was; what was not there is empty. */
export type PropertyChange = { property: string; before: string; now: string }

/** One thing that has become different. */
export type Change =
  | { kind: 'appeared'; item: Item }
  | { kind: 'vanished'; item: Item }
  | { kind: 'changed'; item: Item; properties: PropertyChange[] }

/** Under which name an item is known: those of shares are the same in capitals and without. */
export function keyOf(protocol: Protocol, { name }: Pick<Item, 'name'>): string {
  return protocol === 'smb' ? name.toLowerCase() : name
}

/** What has changed since, in the order of the names; nothing vanishes from an answer that may lack some. */
export function differences(
  protocol: Protocol,
  before: readonly Item[],
  { items, isComplete }: Pick<Answer, 'items' | 'isComplete'>,
): Change[] {
  const former = byKey(protocol, before)
  const found = byKey(protocol, items)
  const changes = Array.from(found, ([key, item]): [string, Change | undefined] => {
    const was = former.get(key)
    if (was === undefined) return [key, { kind: 'appeared', item }]
    const properties = changedProperties(was, item)
    return [key, properties.length === 0 ? undefined : { kind: 'changed', item, properties }]
  })
  for (const [key, item] of former) {
    if (isComplete && !found.has(key)) changes.push([key, { kind: 'vanished', item }])
  }
  return changes
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([, change]) => change ?? [])
}

/** What is known after an answer: all of it, or what was known before and more. */
export function known(protocol: Protocol, before: readonly Item[], answer: Answer): Item[] {
  const merged = answer.isComplete ? new Map<string, Item>() : byKey(protocol, before)
  for (const [key, item] of byKey(protocol, answer.items)) merged.set(key, item)
  return [...merged.values()]
}

function byKey(protocol: Protocol, items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [keyOf(protocol, item), item]))
}

function changedProperties(before: Item, now: Item): PropertyChange[] {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(now.properties)])
  return [...names].flatMap((property) => {
    const [was, is] = [before.properties[property] ?? '', now.properties[property] ?? '']
    return was === is ? [] : [{ property, before: was, now: is }]
  })
}

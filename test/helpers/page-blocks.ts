import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

const docs = join(import.meta.dirname, '../../docs')

/** The blocks of code of a page in docs/, in their order, under the heading (##) that they stand under. */
export function pageBlocks(name: string): Map<string, string[]> {
  const text = readFileSync(join(docs, name), 'utf8')
  const sections = new Map<string, string[]>()
  for (const section of text.split(/^## /m).slice(1)) {
    const blocks = [...section.matchAll(/^( *)```\w*\n(.*?)^\1```$/gms)].map(
      ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    )
    sections.set(section.slice(0, section.indexOf('\n')), blocks)
  }
  return sections
}

/** The blocks under one heading of a page, of which there are so many: one more would be one that nobody has tried. */
export function pageSection(t: Test, name: string, heading: string, count: number): string[] {
  const found = pageBlocks(name).get(heading) ?? []
  t.equal(found.length, count, `${count} blocks under ${heading}`)
  return found
}

/** A block with one's own in place of its examples; throws at an example that it does not have. */
export function putIn(block: string, own: Readonly<Record<string, string>>): string {
  let text = block
  for (const [example, value] of Object.entries(own)) {
    if (!text.includes(example)) throw new Error(`no '${example}' in: ${block}`)
    text = text.replaceAll(example, () => value)
  }
  return text
}

import { visible } from '../../alert/lines.ts'

/** How many columns of a terminal a text takes; Chinese and Japanese characters take two each. */
export function displayWidth(text: string): number {
  // Most of what is shown is plain, and there is much of it.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += widthOf(character)
  return columns
}

/** A text that does nothing to a terminal: control characters and what turns the writing round are shown as what they are. */
export function harmless(text: string): string {
  return visible(text).replaceAll(
    /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Co}|\p{Cs}/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

/** A text in so many columns: filled up with blanks, or cut, which an ellipsis shows. */
export function inColumns(text: string, columns: number): string {
  const width = displayWidth(text)
  return width > columns ? cut(text, columns) : text + ' '.repeat(columns - width)
}

/** A text in at most so many columns. */
export function cut(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns < 1) return ''
  let taken = 0
  let part = ''
  for (const character of text) {
    const width = widthOf(character)
    if (taken + width > columns - 1) break
    taken += width
    part += character
  }
  return `${part}~${' '.repeat(columns - 1 - taken)}`
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

function widthOf(character: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

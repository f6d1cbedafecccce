/** The most bytes that one line of the alert view holds. */
const mostBytes = 255

/** Cuts a message into lines of at most 255 bytes, never within a character. */
export function splitLines(message: string): string[] {
  const lines: string[] = []
  let line = ''
  let byteCount = 0
  for (const character of visible(message)) {
    const more = Buffer.byteLength(character)
    if (byteCount + more > mostBytes) {
      lines.push(line)
      line = ''
      byteCount = 0
    }
    line += character
    byteCount += more
  }
  lines.push(line)
  return lines
}

/** Shows control characters as what they are, so that a message stays one line and moves no cursor. */
export function visible(message: string): string {
  return message.replaceAll(
    // oxlint-disable-next-line no-control-regex -- they are what it looks for
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

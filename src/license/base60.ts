/** The symbols of a key, least value first: capital I and O are not among them, people misread them. */
const symbols = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'
const base = 60n

/** Writes bytes as a number of base 60, with as many leading zeros as the length asks for. */
export function encodeBase60(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (text.length < length) {
    text = `${symbols[Number(rest % base)]}${text}`
    rest /= base
  }
  return text
}

/** Reads a number of base 60 into that many bytes; undefined when it needs more of them. */
export function decodeBase60(text: string, byteLength: number): Buffer | undefined {
  let number = 0n
  for (const symbol of text) number = number * base + BigInt(symbols.indexOf(symbol))
  const hex = number.toString(16).padStart(2 * byteLength, '0')
  return hex.length > 2 * byteLength ? undefined : Buffer.from(hex, 'hex')
}

/** Whether a character may stand in a key. */
export function isBase60Symbol(symbol: string): boolean {
  return symbol.length === 1 && symbols.includes(symbol)
}

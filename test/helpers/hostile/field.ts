/** What a changed message still is: a good answer, none any more, or one that may be taken either way. */
export type Verdict = 'good' | 'bad' | 'either'

/** A part of a message, and what becomes of the message when the part has another value. */
export type Field = {
  name: string
  at: number
  bytes: number
  /** for every other value the same, or value by value */
  judge: Verdict | ((value: bigint, was: bigint) => Verdict)
  /** why this part may change without harm; where it may not, there is nothing to explain */
  why?: string
}

/**
 * What a message is after a change that kept its length. A byte that no field names must not change;
 * one part that makes it bad is enough, and only what nobody minds leaves it good.
 */
export function verdictOf(
  fields: readonly Field[],
  before: Buffer,
  after: Buffer,
  order: 'le' | 'be',
): Verdict {
  const verdicts = new Set<Verdict>()
  const named = new Uint8Array(before.length)
  for (const field of fields) {
    named.fill(1, field.at, field.at + field.bytes)
    const was = before.subarray(field.at, field.at + field.bytes)
    const is = after.subarray(field.at, field.at + field.bytes)
    if (was.equals(is)) continue
    const { judge } = field
    verdicts.add(
      typeof judge === 'string' ? judge : judge(numberIn(is, order), numberIn(was, order)),
    )
  }
  for (const [at, byte] of after.entries()) {
    if (named[at] !== 1 && byte !== before[at]) verdicts.add('bad')
  }
  if (verdicts.has('bad')) return 'bad'
  return verdicts.has('either') ? 'either' : 'good'
}

function numberIn(bytes: Buffer, order: 'le' | 'be'): bigint {
  const ordered = order === 'be' ? bytes : Buffer.from(bytes.toReversed())
  return bytes.length === 0 ? 0n : BigInt(`0x${ordered.toString('hex')}`)
}

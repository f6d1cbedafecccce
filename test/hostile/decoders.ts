import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { DcerpcError } from '../../src/dcerpc/dcerpc-error.ts'
import { RpcError } from '../../src/rpc/rpc-error.ts'
import { MountError } from '../../src/rpc/mount/mount-error.ts'
import { Nfs3Error } from '../../src/rpc/nfs3/nfs3-error.ts'
import { Nfs4Error } from '../../src/rpc/nfs4/nfs4-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { damaged, damages } from '../helpers/hostile/damage.ts'
import { type Decoder, decoders } from '../helpers/hostile/decoders.ts'
import { fixedSeed } from '../helpers/hostile/form.ts'
import { Trial } from '../helpers/hostile/trial.ts'

t.setTimeout(3_600_000)

const trial = new Trial(t, 'decoders')
const { isLong, seed } = trial.form
/** for each decoder and each of the two seeds */
const runs = isLong ? 20_000 : 1500

/** What a decoder may throw: the bytes are wrong, or they are a refusal. */
const refusals = [MalformedError, DcerpcError, RpcError, MountError, Nfs3Error, Nfs4Error]

/** A byte that stands before and behind every input, and must show in no result. */
const beyond = 0xa5
const room = 64

/** How large a result may be, in bytes of content and in parts, for an input of so many bytes. */
const mostContent = (inputBytes: number) => 8 * inputBytes + 256

type Measure = { content: number; strayed: boolean }

/** Adds up what is in a result, and looks whether it reaches out of the input. */
function measure(value: unknown, input: Buffer, sum: Measure): Measure {
  if (Buffer.isBuffer(value)) {
    sum.content += value.length
    const isView = value.buffer === input.buffer && value.length > 0
    const start = value.byteOffset - input.byteOffset
    if (isView && (start < 0 || start + value.length > input.length)) sum.strayed = true
  } else if (typeof value === 'string') sum.content += value.length
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) measure(part, input, sum)
    sum.content += 4
  } else sum.content += 4
  return sum
}

/** What is wrong with how a decoder takes some bytes, if anything. */
function fault({ decode }: Decoder, bytes: Buffer): string | undefined {
  const around = Buffer.alloc(bytes.length + 2 * room, beyond)
  bytes.copy(around, room)
  const input = around.subarray(room, room + bytes.length)
  const before = Buffer.from(input)
  let result: unknown
  try {
    result = decode(input)
  } catch (error) {
    const isExpected = refusals.some((kind) => error instanceof kind)
    return isExpected ? undefined : `threw ${String(error)}`
  }
  if (!input.equals(before)) return 'changed its input'
  const { content, strayed } = measure(result, input, { content: 0, strayed: false })
  if (strayed) return 'read outside'
  if (content > mostContent(bytes.length)) return `made ${content} bytes of ${bytes.length}`
  return undefined
}

/** Whether a decoder takes some bytes, if only as a refusal in good form. */
function isTaken({ decode }: Decoder, bytes: Buffer): boolean {
  try {
    decode(bytes)
    return true
  } catch (error) {
    return error instanceof RpcError
  }
}

function report<T>(t: Test, { name }: Decoder, details: fc.RunDetails<T>, from: number): void {
  trial.count(name, details.numRuns)
  if (details.failed) trial.fail(`${name}, seed ${from}`)
  t.notOk(details.failed, fc.defaultReportMessage(details) ?? `seed ${from}`)
}

for (const decoder of decoders) {
  t.test(`${decoder.name}: data or a refusal, whatever the bytes`, async (t) => {
    for (const example of decoder.examples) t.ok(isTaken(decoder, example), 'what is right')
    const property = fc.property(fc.constantFrom(...decoder.examples), damages, (example, all) => {
      const found = fault(decoder, damaged(example, all))
      if (found !== undefined) throw new Error(found)
    })
    const noise = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const found = fault(decoder, Buffer.from(bytes))
      if (found !== undefined) throw new Error(found)
    })
    for (const from of [fixedSeed, seed]) {
      report(t, decoder, fc.check(property, { seed: from, numRuns: runs }), from)
      report(t, decoder, fc.check(noise, { seed: from, numRuns: Math.ceil(runs / 20) }), from)
    }
    // So that the process may see to its other duties between one decoder and the next.
    await new Promise(setImmediate)
  })
}

import t from 'tap'
import {
  bitFlips,
  type Change,
  cutTo,
  fieldValues,
  randomFrom,
  sample,
} from '../helpers/hostile/changes.ts'
import { type Verdict, verdictOf } from '../helpers/hostile/field.ts'
import type { Message } from '../helpers/hostile/message.ts'
import { NfsLiar, type NfsLie, type Reply } from '../helpers/hostile/nfs-liar.ts'
import { type NfsRun, nfsRuns } from '../helpers/hostile/nfs-run.ts'
import { type Input, Trial } from '../helpers/hostile/trial.ts'

t.setTimeout(3_600_000)

const trial = new Trial(t, 'nfs-lies')
const { isLong, seed } = trial.form
const random = randomFrom(seed)
/** xid, direction, status, verifier, and whether it was accepted */
const headBytes = 24

function expectedOf({ bytes, fields }: Message, { change }: Change): Verdict {
  const after = change(Buffer.from(bytes))
  if (after.equals(bytes)) return 'good'
  if (after.length !== bytes.length) return 'bad'
  return verdictOf(fields, bytes, after, 'be')
}

function* changesOf(run: NfsRun, { message }: Reply, place: number): Generator<Change> {
  const { bytes, fields } = message
  const share = isLong ? 1 : 0.08
  // Over UDP a wrong id is passed over and waited out, like a datagram that got lost.
  yield* bitFlips(sample(0, 32, share / 2, random))
  yield* bitFlips(sample(32, headBytes * 8, isLong || nfsRuns.indexOf(run) < 2 ? 1 : 0.2, random))
  yield* bitFlips(sample(headBytes * 8, bytes.length * 8, share, random))
  for (const length of sample(0, bytes.length, isLong ? 1 : 0.12, random)) yield cutTo(length)
  // The head is the same in all of them.
  const later = fields.filter(({ at }) => isLong || (at >= headBytes && random() < 0.25))
  yield* fieldValues(place === 0 ? fields : later, 'be')
}

function* liesOf(run: NfsRun, replies: readonly Reply[]): Generator<Input<NfsLie>> {
  for (const [place, reply] of replies.entries()) {
    for (const each of changesOf(run, reply, place)) {
      yield {
        case: `${run.name}: reply ${place} (${reply.name}), ${each.kind}`,
        what: each.what,
        expected: expectedOf(reply.message, each),
        lie: { inFlight: (bytes, at) => (at === place ? each.change(bytes) : bytes) },
      }
    }
  }
}

for (const run of nfsRuns) {
  t.test(`${run.name}: what is no good reply is not taken for one`, async (t) => {
    const honest = await NfsLiar.start(run)
    const outcome = await honest.check({}, AbortSignal.timeout(60_000))
    t.equal(outcome.kind, 'ok', `the good run: ${JSON.stringify(outcome)}`)
    t.comment(honest.replies.map(({ name, message }) => `${name} ${message.bytes.length}`).join())
    await honest.close()
    const pace = { width: 16, deadlineMs: 300 }
    await trial.tell(t, () => NfsLiar.start(run), liesOf(run, honest.replies), pace)
  })
}

t.test('nothing is left of all these checks', (t) => trial.leavesNothing(t))

import t from 'tap'
import type { Field, Verdict } from '../helpers/hostile/field.ts'
import { verdictOf } from '../helpers/hostile/field.ts'
import {
  bitFlips,
  type Change,
  cutTo,
  fieldValues,
  randomFrom,
  sample,
} from '../helpers/hostile/changes.ts'
import { layoutOf } from '../helpers/hostile/smb-layout.ts'
import { type Answer, SmbLiar, type SmbLie } from '../helpers/hostile/smb-liar.ts'
import { type SmbRun, smbRuns } from '../helpers/hostile/smb-run.ts'
import { type Input, Trial } from '../helpers/hostile/trial.ts'

t.setTimeout(3_600_000)

const trial = new Trial(t, 'samba-lies')
const { isLong, seed } = trial.form
const random = randomFrom(seed)

/** How an answer is changed: by the server itself, by somebody on the way, or with its frame. */
type Manner = 'own word' | 'in flight'

/** Whether anything can change on the way without a user's client noticing. */
function isProtected(run: SmbRun, answer: Answer): boolean {
  if (run.who !== 'user') return false
  if (answer.step === 'negotiate' || answer.step === 'challenge') return run.dialect === 0x0311
  return true
}

function layoutFor(run: SmbRun, answer: Answer, manner: Manner): Field[] {
  const isFirm = manner === 'in flight' && isProtected(run, answer)
  return isFirm ? [] : layoutOf(answer.step, answer.plain, run)
}

function expectedOf(run: SmbRun, answer: Answer, manner: Manner, { change }: Change): Verdict {
  const before = manner === 'own word' ? answer.plain : answer.protected
  const after = change(Buffer.from(before))
  if (after.equals(before)) return 'good'
  if (after.length !== before.length) return 'bad'
  return verdictOf(layoutFor(run, answer, manner), before, after, 'le')
}

const manners: Record<Manner, (place: number, change: Change['change']) => SmbLie> = {
  'own word': (place, change) => ({
    ownWord: (message, at) => (at === place ? change(message) : message),
  }),
  'in flight': (place, change) => ({
    inFlight: (message, at) => (at === place ? change(message) : message),
  }),
}

function* changesOf(run: SmbRun, answer: Answer, manner: Manner): Generator<Change> {
  const bytes = manner === 'own word' ? answer.plain : answer.protected
  const headerBytes = bytes.readUInt32BE(0) === 0xfd534d42 ? 52 : 64
  // The other runs differ from the first two in little; the short form takes samples of them.
  const isMain = smbRuns.indexOf(run) < 2 && manner === 'in flight'
  yield* bitFlips(sample(0, headerBytes * 8, isLong || isMain ? 1 : 0.06, random))
  yield* bitFlips(sample(headerBytes * 8, bytes.length * 8, isLong ? 1 : 0.06, random))
  for (const length of sample(0, bytes.length, isLong ? 1 : isMain ? 0.5 : 0.06, random)) {
    yield cutTo(length)
  }
  const fields = layoutOf(answer.step, answer.plain, run)
  const share = isLong || isMain ? 1 : 0.3
  yield* fieldValues(
    fields.filter(() => random() < share),
    'le',
  )
}

function* liesOf(run: SmbRun, answers: readonly Answer[]): Generator<Input<SmbLie>> {
  for (const [place, answer] of answers.entries()) {
    if (answer.step === 'netbios') continue
    for (const manner of ['own word', 'in flight'] as const) {
      // Without a key there is no difference between the two.
      if (manner === 'own word' && run.who !== 'user') continue
      for (const each of changesOf(run, answer, manner)) {
        yield {
          case: `${run.name}: answer ${place} (${answer.step}), ${manner}, ${each.kind}`,
          what: each.what,
          expected: expectedOf(run, answer, manner, each),
          lie: manners[manner](place, each.change),
        }
      }
    }
  }
}

for (const run of smbRuns) {
  t.test(`${run.name}: what is no good answer is not taken for one`, async (t) => {
    const honest = await SmbLiar.start(run)
    const outcome = await honest.check({}, AbortSignal.timeout(60_000))
    t.equal(outcome.kind, 'ok', 'the good run')
    await honest.close()
    await trial.tell(t, () => SmbLiar.start(run), liesOf(run, honest.answers))
  })
}

t.test('nothing is left of all these checks', (t) => trial.leavesNothing(t))

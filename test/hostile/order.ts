import t from 'tap'
import { NfsLiar, type NfsLie, type Reply } from '../helpers/hostile/nfs-liar.ts'
import { type NfsRun, nfsRuns } from '../helpers/hostile/nfs-run.ts'
import { marked } from '../helpers/hostile/rpc-host.ts'
import { type Answer, SmbLiar, type SmbLie } from '../helpers/hostile/smb-liar.ts'
import { type SmbRun, smbRuns } from '../helpers/hostile/smb-run.ts'
import { type Input, Trial } from '../helpers/hostile/trial.ts'
import { frame, header } from '../helpers/smb-server.ts'

// Answers in the wrong order, too many of them, of another kind, from another time.

t.setTimeout(600_000)

const trial = new Trial(t, 'order')
const garbage = Buffer.alloc(100, 0xff)
const commands = Array.from({ length: 20 }, (_, command) => command)

function* smbInputs(run: SmbRun, answers: readonly Answer[]): Generator<Input<SmbLie>> {
  const last = answers.length - 1
  for (const [place, answer] of answers.entries()) {
    if (answer.step === 'netbios') continue
    const bad = (kind: string, what: string, lie: SmbLie): Input<SmbLie> => ({
      case: `${run.name}: ${kind}`,
      what: `answer ${place} (${answer.step})${what}`,
      expected: 'bad',
      lie,
    })
    for (const command of commands) {
      if (command === answer.plain.readUInt16LE(12)) continue
      yield bad('another command', `: ${command}`, {
        ownWord: (message, at) => {
          if (at === place) message.writeUInt16LE(command, 12)
          return message
        },
      })
    }
    for (const ahead of [-1n, 1n, 2n, 1000n]) {
      yield bad('another message id', `: ${ahead} on`, {
        ownWord: (message, at) => {
          const id = BigInt.asUintN(64, message.readBigUInt64LE(24) + ahead)
          // TREE_DISCONNECT and LOGOFF are under way together; the other one's id is tried below.
          if (at === place) message.writeBigUInt64LE(id, 24)
          return message
        },
      })
    }
    yield bad('an answer to nobody in front', '', {
      before: (_step, messageId, at) =>
        at === place ? [header({ command: 3, messageId: messageId + 1000n })] : [],
    })
    const then = (more: (whole: Buffer) => Buffer): SmbLie => ({
      onTheWire: (socket, whole, at) => {
        socket.write(at === place ? Buffer.concat([whole, more(whole)]) : whole)
      },
    })
    // Behind the very last answer nobody reads any more.
    if (place < last) {
      yield bad(
        'every answer twice',
        '',
        then((whole) => whole),
      )
      yield bad(
        'garbage behind it',
        '',
        then(() => garbage),
      )
      yield bad(
        'an empty frame behind it',
        '',
        then(() => frame(Buffer.alloc(0))),
      )
    }
    for (const [other, { frames }] of answers.entries()) {
      if (other === place || frames.length < 64) continue
      yield bad('another answer in its place', `: answer ${other} of an earlier check`, {
        onTheWire: (socket, whole, at) => {
          socket.write(at === place ? frames : whole)
        },
      })
    }
    // What an earlier session was told, this one must not believe; without keys all sessions are alike.
    if (run.who === 'user' && !['negotiate', 'challenge'].includes(answer.step)) {
      yield bad('an answer of an earlier check', '', {
        onTheWire: (socket, whole, at) => {
          socket.write(at === place ? answer.frames : whole)
        },
      })
    }
  }
}

for (const run of smbRuns) {
  t.test(`${run.name}: answers have their place`, async (t) => {
    const honest = await SmbLiar.start(run)
    const outcome = await honest.check({}, AbortSignal.timeout(60_000))
    t.equal(outcome.kind, 'ok', 'the good run')
    await honest.close()
    await trial.tell(t, () => SmbLiar.start(run), smbInputs(run, honest.answers))
  })
}

/** The operations that a reply answers, or what else it is. */
function kindOf({ name, message }: Reply): string {
  const numbers = message.fields.filter((field) => field.name.endsWith(': number'))
  return [name, ...numbers.map((field) => field.name)].join(' ')
}

function* nfsInputs(
  { name: run, version }: NfsRun,
  replies: readonly Reply[],
): Generator<Input<NfsLie>> {
  for (const [place, reply] of replies.entries()) {
    const program = reply.name.split('.')[0]
    const isReadOn = replies.some(
      ({ name }, other) => other > place && name.split('.')[0] === program,
    )
    const onTheWire = (how: (whole: Buffer) => Buffer): NfsLie => ({
      onTheWire: (socket, whole, at) => {
        socket.write(at === place ? how(whole) : whole)
      },
    })
    yield {
      case: `${run}: garbage behind a reply`,
      what: `reply ${place}`,
      expected: isReadOn ? 'bad' : 'good',
      lie: onTheWire((whole) => Buffer.concat([whole, garbage])),
    }
    yield {
      case: `${run}: a reply of an earlier check`,
      what: `reply ${place}`,
      expected: 'bad',
      lie: onTheWire(() => marked(reply.message.bytes)),
    }
    // Replies do not say what they answer; compounds name their operations.
    if (!reply.name.endsWith('.4.1')) continue
    for (const [other, { message }] of replies.entries()) {
      const isAlike = kindOf(reply) === kindOf(replies[other] ?? reply)
      if (isAlike || !replies[other]?.name.endsWith('.4.1')) continue
      yield {
        case: `${run}: a reply to other operations`,
        what: `reply ${other} in place of ${place}`,
        // Where any minor version will do, one that is not there has the next one tried.
        expected: version === '4' ? 'either' : 'bad',
        lie: {
          inFlight: (bytes, at) =>
            at === place ? Buffer.concat([bytes.subarray(0, 4), message.bytes.subarray(4)]) : bytes,
        },
      }
    }
  }
}

for (const run of nfsRuns.filter(({ transport }) => transport !== 'udp')) {
  t.test(`${run.name}: replies have their place`, async (t) => {
    const honest = await NfsLiar.start(run)
    const outcome = await honest.check({}, AbortSignal.timeout(60_000))
    t.equal(outcome.kind, 'ok', 'the good run')
    await honest.close()
    const inputs = nfsInputs(run, honest.replies)
    await trial.tell(t, () => NfsLiar.start(run), inputs, { deadlineMs: 300 })
  })
}

t.test('nothing is left of all these checks', (t) => trial.leavesNothing(t))

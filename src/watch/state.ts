import type { Cause } from '../probe/probe.ts'

/** What a watch can be in. */
export const stateNames = [
  'starting',
  'watching',
  'failing',
  /** the retries are used up, and what the operator has provided for that is being tried */
  'repairing',
  'paused',
  'ending',
] as const
export type StateName = (typeof stateNames)[number]

/** A verdict that is not a success, and the alert that names its cause. */
export type BadVerdict = {
  name: 'failed' | 'cannot-judge'
  cause: Cause
  /** of a failure: what it counts, 1 unless told */
  weight?: number
}

/** What can happen to a watch. */
export type WatchEvent =
  | { name: 'ok' }
  | BadVerdict
  /** a bad verdict of a check during which we ourselves stood still */
  | { name: 'stall'; verdict: BadVerdict }
  /** a failure of a server that is still being given its time to start */
  | { name: 'early' }
  /** the server answered, and refused who logs in, which is told apart from failures */
  | { name: 'identity' }
  | { name: 'pause' }
  | { name: 'continue' }
  | { name: 'stop' }
  /** the time of the next check has come */
  | { name: 'tick' }
  /** nothing is left that could be tried; the cause is that of the last failure */
  | { name: 'beyond-repair'; cause: Cause }

/** The name of every event. */
export const eventNames = [
  'ok',
  'failed',
  'cannot-judge',
  'stall',
  'early',
  'identity',
  'pause',
  'continue',
  'stop',
  'tick',
  'beyond-repair',
] as const satisfies readonly WatchEvent['name'][]

/** What a watch counts, each in a row. */
export type Counters = {
  /** failures of the server */
  failures: number
  /** checks that our own trouble kept from judging */
  ownTroubles: number
  /** verdicts thrown away because we stood still */
  discards: number
  /** message 2 has been given */
  succeeded: boolean
}

/** How a watch ended, and the exit status that says so. */
export type Ending = {
  how: 'stopped' | 'abnormal' | 'own-trouble'
  exitStatus: 0 | 1 | 5
}

/** What has to be done about an event, in this order. */
export type Action =
  | { do: 'check' }
  /** ends the check under way and forgets the next one */
  | { do: 'abandon' }
  | { do: 'wait'; for: 'interval' | 'retry-interval' }
  | { do: 'announce'; cause: Cause }
  | {
      do: 'note'
      what:
        | 'recovered'
        | 'failure'
        | 'own-trouble'
        | 'discarded'
        | 'no-more-discards'
        | 'early'
        | 'still-failing'
    }
  /** has the next step of a repair done, or the first */
  | { do: 'repair' }
  /** says what a repair has come to, and ends it */
  | { do: 'conclude'; how: 'mended' | 'not-mended' | 'broken-off' }
  /** begins or ends the hourly reminder of a pause */
  | { do: 'remind'; on: boolean }
  | { do: 'record' }
  | { do: 'finish'; ending: Ending }

/** Where a watch is. */
export type Position = { state: StateName; counters: Counters }

/** What an event leads to. */
export type Step = Position & { actions: Action[] }

/**
 * So many verdicts in a row are thrown away at most. A host that is overloaded for good would
 * otherwise hide a dead server for ever; after these, its failures count like any others. Ten spoilt
 * checks one after the other are no hiccup of this host: it is in no state to serve either.
 */
export const mostDiscards = 10

const fresh: Readonly<Counters> = { failures: 0, ownTroubles: 0, discards: 0, succeeded: false }

/** How every watch begins. */
export const opening: Readonly<Step> = {
  state: 'starting',
  counters: fresh,
  actions: [{ do: 'announce', cause: { id: 1 } }, { do: 'record' }, { do: 'check' }],
}

type Rule = (from: Position) => Step
type VerdictRule = (
  from: Position,
  verdict: BadVerdict,
  attempts: number,
  isRepairable: boolean,
) => Step

type Row = Record<
  Exclude<WatchEvent['name'], 'failed' | 'cannot-judge' | 'stall' | 'beyond-repair'>,
  Rule
> &
  Record<'failed' | 'cannot-judge' | 'stall', VerdictRule> &
  Record<'beyond-repair', (from: Position, cause: Cause) => Step>

const ignore: Rule = (from) => ({ ...from, actions: [] })

const check: Rule = (from) => ({ ...from, actions: [{ do: 'check' }] })

/** Whatever ends a repair says what it has come to. */
const concluded = (
  state: StateName,
  how: Extract<Action, { do: 'conclude' }>['how'],
): readonly Action[] => (state === 'repairing' ? [{ do: 'conclude', how }] : [])

const good: Rule = ({ state, counters }) => ({
  state: 'watching',
  counters: { ...fresh, succeeded: true },
  actions: [
    ...(state === 'failing' || state === 'repairing'
      ? [{ do: 'note', what: 'recovered' } as const]
      : []),
    ...concluded(state, 'mended'),
    ...(counters.succeeded ? [] : [{ do: 'announce', cause: { id: 2 } } as const]),
    { do: 'wait', for: 'interval' },
    { do: 'record' },
  ],
})

const giveUp = ({ state, counters }: Position, cause: Cause, ending: Ending): Step => ({
  state: 'ending',
  counters,
  actions: [
    ...concluded(state, 'not-mended'),
    { do: 'announce', cause },
    // A text of the RPC layer has no ID of its own; 66 says what it means.
    ...(cause.id === 0 ? [{ do: 'announce', cause: { id: 66 } } as const] : []),
    { do: 'announce', cause: { id: 6 } },
    { do: 'record' },
    { do: 'finish', ending },
  ],
})

/**
 * A verdict on the server, whatever it is, shows that our own side works: it ends that count.
 *
 * What may be repaired is only what has been seen to work: a server that never has may be well, and
 * what we ask of it wrong.
 */
const failed: VerdictRule = ({ state, counters }, event, attempts, isRepairable) => {
  if (state === 'repairing' && isRepairable) {
    return {
      state,
      counters: { ...counters, ownTroubles: 0 },
      actions: [{ do: 'note', what: 'still-failing' }, { do: 'repair' }, { do: 'record' }],
    }
  }
  // Sums of decimals would grow a tail of digits, and miss the last failure by it.
  const failures = Math.round((counters.failures + (event.weight ?? 1)) * 1e6) / 1e6
  const after = { ...counters, failures, ownTroubles: 0 }
  if (failures >= attempts) {
    if (isRepairable && counters.succeeded) {
      return {
        state: 'repairing',
        counters: after,
        actions: [{ do: 'note', what: 'failure' }, { do: 'repair' }, { do: 'record' }],
      }
    }
    return giveUp({ state, counters: after }, event.cause, { how: 'abnormal', exitStatus: 1 })
  }
  return {
    state: 'failing',
    counters: after,
    actions: [
      { do: 'note', what: 'failure' },
      { do: 'wait', for: 'retry-interval' },
      { do: 'record' },
    ],
  }
}

/**
 * A check that could not judge has learnt nothing about the server. Were it to add to the server's
 * failures, our own lack of sockets would fail a healthy group over; were it to reset them, a host
 * short of sockets now and then would never find a dead server. So it leaves them as they are, and
 * the state with them.
 */
const cannotJudge = ({ state, counters }: Position, event: BadVerdict, attempts: number): Step => {
  const ownTroubles = counters.ownTroubles + 1
  const after = { ...counters, ownTroubles }
  if (ownTroubles >= attempts) {
    return giveUp({ state, counters: after }, event.cause, { how: 'own-trouble', exitStatus: 5 })
  }
  return {
    state,
    counters: after,
    actions: [
      { do: 'note', what: 'own-trouble' },
      { do: 'wait', for: 'retry-interval' },
      { do: 'record' },
    ],
  }
}

const bad: VerdictRule = (from, event, attempts, isRepairable) => {
  const judged = { state: from.state, counters: { ...from.counters, discards: 0 } }
  return event.name === 'failed'
    ? failed(judged, event, attempts, isRepairable)
    : cannotJudge(judged, event, attempts)
}

const stalled: VerdictRule = (from, verdict, attempts) => {
  const { state, counters } = from
  if (counters.discards < mostDiscards) {
    return {
      state,
      counters: { ...counters, discards: counters.discards + 1 },
      actions: [{ do: 'note', what: 'discarded' }, { do: 'record' }, { do: 'check' }],
    }
  }
  // The count of discards stays at its limit, so that only the first failures are put off. Such a
  // verdict may be ours as much as the server's, so nothing more is done to the server for it.
  const step =
    verdict.name === 'failed'
      ? failed(from, verdict, attempts, false)
      : cannotJudge(from, verdict, attempts)
  return { ...step, actions: [{ do: 'note', what: 'no-more-discards' }, ...step.actions] }
}

/** Before its first success a server may be given time to start; until that is over nothing is counted. */
const early: Rule = (from) => ({
  ...from,
  actions: [{ do: 'note', what: 'early' }, { do: 'wait', for: 'retry-interval' }, { do: 'record' }],
})

/** The server is alive, though nothing is known of what lies behind the login: no failure, and no success. */
const identity: Rule = ({ state, counters: { succeeded } }) => ({
  state: succeeded ? 'watching' : 'starting',
  counters: { ...fresh, succeeded },
  actions: [
    ...(state === 'failing' || state === 'repairing'
      ? [{ do: 'note', what: 'recovered' } as const]
      : []),
    ...concluded(state, 'mended'),
    { do: 'wait', for: 'interval' },
    { do: 'record' },
  ],
})

const pause: Rule = ({ state, counters }) => ({
  state: 'paused',
  counters: { ...fresh, succeeded: counters.succeeded },
  actions: [
    { do: 'abandon' },
    ...concluded(state, 'broken-off'),
    { do: 'announce', cause: { id: 7 } },
    { do: 'remind', on: true },
    { do: 'record' },
  ],
})

const goOn: Rule = ({ counters }) => ({
  state: counters.succeeded ? 'watching' : 'starting',
  counters,
  actions: [
    { do: 'remind', on: false },
    { do: 'announce', cause: { id: 8 } },
    { do: 'record' },
    { do: 'check' },
  ],
})

const stop: Rule = ({ state, counters }) => ({
  state: 'ending',
  counters,
  actions: [
    { do: 'abandon' },
    ...concluded(state, 'broken-off'),
    { do: 'remind', on: false },
    { do: 'announce', cause: { id: 3 } },
    { do: 'record' },
    { do: 'finish', ending: { how: 'stopped', exitStatus: 0 } },
  ],
})

const running: Readonly<Row> = {
  ok: good,
  failed: bad,
  'cannot-judge': bad,
  stall: stalled,
  early,
  identity,
  pause,
  continue: ignore,
  stop,
  tick: check,
  'beyond-repair': ignore,
}

const table: Readonly<Record<StateName, Row>> = {
  starting: running,
  watching: running,
  failing: running,
  repairing: {
    ...running,
    'beyond-repair': (from, cause) => giveUp(from, cause, { how: 'abnormal', exitStatus: 1 }),
  },
  paused: {
    // A verdict that comes after the pause belongs to a check that nobody waits for any more.
    ok: ignore,
    failed: ignore,
    'cannot-judge': ignore,
    stall: ignore,
    early: ignore,
    identity: ignore,
    pause: ignore,
    continue: goOn,
    stop,
    tick: ignore,
    'beyond-repair': ignore,
  },
  ending: {
    ok: ignore,
    failed: ignore,
    'cannot-judge': ignore,
    stall: ignore,
    early: ignore,
    identity: ignore,
    pause: ignore,
    continue: ignore,
    stop: ignore,
    tick: ignore,
    'beyond-repair': ignore,
  },
}

/**
 * What an event leads to, when so many failures in a row make a server abnormal; with whether
 * something is provided that may mend it before it is given up.
 */
export function transition(
  from: Position,
  event: WatchEvent,
  attempts: number,
  isRepairable = false,
): Step {
  const row = table[from.state]
  switch (event.name) {
    case 'failed':
    case 'cannot-judge':
      return row[event.name](from, event, attempts, isRepairable)
    case 'stall':
      return row.stall(from, event.verdict, attempts, isRepairable)
    case 'beyond-repair':
      return row['beyond-repair'](from, event.cause)
    case 'ok':
    case 'early':
    case 'identity':
    case 'pause':
    case 'continue':
    case 'stop':
    case 'tick':
      return row[event.name](from)
  }
}

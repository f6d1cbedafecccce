import type { ControlAnswer } from '../../registry/control-message.ts'
import type { Entry, Registry } from '../../registry/registry.ts'
import type { MonitorRecord } from '../../registry/record.ts'
import { isRunning } from '../../registry/process-identity.ts'
import type { Io } from '../io.ts'
import { fill, type Texts } from '../texts.ts'
import { dispText, localTime } from './disp-text.ts'
import type { DrillRequest } from './monitor-request.ts'
import type { Control } from './option-table.ts'

/** A control of a monitor, and what it needs to be carried out. */
export type ControlJob = {
  /** the one that the ID has to belong to */
  command: string
  id: string
  control: Control
  stopSeconds: number
  pauseSeconds?: number
  force: boolean
  /** of `--drill` */
  drill?: DrillRequest
  json: boolean
  registry: Pick<Registry, 'read' | 'ask' | 'waitForEnd' | 'remove'>
  /** where it stands what of a repair is under way */
  run: string
  texts: Texts
  io: Io
  /** gives alert 15: the monitor has not ended */
  announceNotEnded: () => Promise<void>
}

/** How long a monitor may take to answer anything but `-stop`. */
const answerSeconds = 10

/** How long a process that was told to end by a signal may take. */
const termMs = 2000

/** Carries out a control; resolves with the exit status. */
export async function controlMonitor(job: ControlJob): Promise<number> {
  const entry = await job.registry.read(job.id)
  const owner = 'record' in entry ? entry.record.command : job.command
  if (owner !== job.command)
    return complain(job, 'otherCommand', { owner, control: controlWord(job) })
  switch (job.control) {
    case 'disp':
      return display(job, entry)
    case 'del':
      return remove(job, entry)
    case 'stop': {
      const status = await stop(job, entry)
      await endWhatIsLeft(job, entry)
      return status
    }
    case 'pause':
    case 'continue': {
      const status = await tell(job, entry, job.control)
      if (status !== 0) await nameWhatIsLeft(job, entry)
      return status
    }
    case 'drill':
      return drill(job, entry, job.drill ?? { what: 'end' })
  }
}

function display(job: ControlJob, entry: Entry): number {
  if (!('record' in entry)) return absent(job, entry)
  const { io, json, texts } = job
  io.out(json ? `${JSON.stringify(entry.record)}\n` : dispText(entry, texts, new Date()))
  return 0
}

async function remove(job: ControlJob, entry: Entry): Promise<number> {
  const removed = await job.registry.remove(job.id, job.command)
  switch (removed) {
    case 'removed':
      return report(job, 'deleted')
    case 'unknown':
      return complain(job, 'unknown')
    case 'live':
      return complain(job, 'alive', { pid: pidOf(entry) })
    case 'other-command':
      return complain(job, 'otherCommand', { owner: '?', control: '-del' })
  }
}

async function tell(job: ControlJob, entry: Entry, action: 'pause' | 'continue'): Promise<number> {
  if (entry.kind !== 'live') return absent(job, entry)
  const signal = AbortSignal.timeout(answerSeconds * 1000)
  const reply = await job.registry.ask(
    job.id,
    {
      command: job.command,
      action,
      ...(action === 'pause' && job.pauseSeconds !== undefined && { seconds: job.pauseSeconds }),
    },
    signal,
  )
  if (reply.kind === 'answer') {
    const { ok, pauseEnd } = reply.answer
    if (!ok) return complain(job, 'refused', { reason: whyRefused(reply.answer, job.texts) })
    if (action === 'continue') return report(job, 'continued')
    if (pauseEnd !== undefined) {
      const { until, extensionsLeft: left } = pauseEnd
      return report(job, 'pausedUntil', { until: localTime(until), left })
    }
    // A monitor of an older version knows of no such pause.
    return job.pauseSeconds === undefined ? report(job, 'paused') : complain(job, 'pausedOnly')
  }
  return complain(job, 'notAnswering', { pid: entry.record.process.pid, seconds: answerSeconds })
}

/** Why a monitor refused, in the language of who asked; in the monitor's own words where there are none. */
function whyRefused({ text, refusals = [] }: ControlAnswer, texts: Texts): string {
  const words = new Map<string, string>(Object.entries(texts.refusal))
  const reasons = refusals.map(({ why, values, id }) => {
    const known = words.get(why)
    return known === undefined
      ? undefined
      : `${id === undefined ? '' : `${id}: `}${fill(known, values)}`
  })
  return reasons.length === 0 || reasons.includes(undefined) ? text : reasons.join('; ')
}

async function drill(
  job: ControlJob,
  entry: Entry,
  { what, seconds }: DrillRequest,
): Promise<number> {
  if (entry.kind !== 'live') return absent(job, entry)
  const signal = AbortSignal.timeout(answerSeconds * 1000)
  const request = { command: job.command, action: `drill-${what}` as const }
  const reply = await job.registry.ask(
    job.id,
    { ...request, ...(seconds !== undefined && { seconds }) },
    signal,
  )
  const { id, command, texts, io } = job
  if (reply.kind !== 'answer') {
    const { pid } = entry.record.process
    return complain(job, 'notAnswering', { pid, seconds: answerSeconds })
  }
  const { ok, text } = reply.answer
  if (!ok) {
    const reason = new Map<string, string>(Object.entries(texts.drill.refused)).get(text) ?? text
    return complain(job, 'refused', { reason: fill(reason, { id, command }) })
  }
  const said = what === 'end' ? texts.drill.over : texts.drill.begun
  const values = { id, command, kind: what, until: localTime(text) }
  io.out(`${command}: ${fill(said, values)}\n`)
  return 0
}

function controlWord({ control, drill: asked }: ControlJob): string {
  return control === 'drill' ? `--drill ${asked?.what ?? ''}` : `-${control}`
}

async function stop(job: ControlJob, entry: Entry): Promise<number> {
  switch (entry.kind) {
    case 'none':
      await job.announceNotEnded()
      return complain(job, 'unknown')
    case 'ended':
      return report(job, 'alreadyEnded', { how: entry.record.ended?.how ?? '' })
    case 'dead':
      return report(job, 'alreadyEnded', { how: job.texts.state.dead })
    case 'unreadable':
      if (!entry.isLive) return report(job, 'alreadyEnded', { how: entry.reason })
      return end(job, undefined)
    case 'live':
      return end(job, entry.record)
  }
}

async function end(job: ControlJob, record: MonitorRecord | undefined): Promise<number> {
  const { registry, id, command, stopSeconds } = job
  const signal = AbortSignal.timeout(stopSeconds * 1000)
  const reply = await registry.ask(id, { command, action: 'stop' }, signal)
  const isAlone = record?.sharesProcess !== true
  // Without its socket a monitor still hears the signal that means the same; others would hear it too.
  if (reply.kind !== 'answer' && record !== undefined && isAlone) kill(record, 'SIGTERM')
  if (await registry.waitForEnd(id, signal)) return report(job, 'stopped')
  const pid = record?.process.pid ?? 0
  if (!isAlone) {
    await job.announceNotEnded()
    return complain(job, 'notAlone', { pid, seconds: stopSeconds })
  }
  if (!job.force || record === undefined) {
    await job.announceNotEnded()
    return complain(job, 'notEnded', { pid, seconds: stopSeconds })
  }
  kill(record, 'SIGTERM')
  if (!(await registry.waitForEnd(id, AbortSignal.timeout(termMs)))) kill(record, 'SIGKILL')
  if (!(await registry.waitForEnd(id, AbortSignal.timeout(termMs)))) {
    await job.announceNotEnded()
    return complain(job, 'notEnded', { pid, seconds: stopSeconds })
  }
  await registry.remove(id, command)
  return report(job, 'killed', { pid })
}

/**
 * A monitor that was killed leaves its repair's step running: that ends with it, too. What only the kernel
 * still holds has been killed and does nothing any more; a stop does not fail for that.
 */
async function endWhatIsLeft(job: ControlJob, entry: Entry): Promise<void> {
  const { endLeftBehind, leftBehind } = await import('../repair/left-behind.ts')
  const found = leftBehind(job.run, job.id, 'record' in entry ? entry.record : undefined)
  if (found === undefined) return
  const { step, leader } = found
  if (await endLeftBehind(found)) report(job, 'leftEnded', { step })
  else complain(job, 'leftStuck', { step, pid: leader.pid })
}

/** Whoever pauses to work on the server must know what else still does. */
async function nameWhatIsLeft(job: ControlJob, entry: Entry): Promise<void> {
  const { leftBehind } = await import('../repair/left-behind.ts')
  const found = leftBehind(job.run, job.id, 'record' in entry ? entry.record : undefined)
  if (found === undefined) return
  const { step, leader } = found
  complain(job, 'leftRunning', { step, pid: leader.pid, owner: job.command })
}

function kill(record: MonitorRecord, signal: NodeJS.Signals): void {
  if (!isRunning(record.process)) return
  try {
    process.kill(record.process.pid, signal)
  } catch {
    // It has just gone, or is not ours to end; the waiting that follows tells.
  }
}

/** Tells why there is no running monitor to speak to. */
function absent(job: ControlJob, entry: Entry): number {
  switch (entry.kind) {
    case 'none':
    case 'live':
      return complain(job, 'unknown')
    case 'ended': {
      const { ended } = entry.record
      return complain(job, 'notRunning', { at: ended?.at ?? '', how: ended?.how ?? '' })
    }
    case 'dead':
      return complain(job, 'notRunning', { at: '?', how: job.texts.state.dead })
    case 'unreadable':
      return complain(job, 'refused', { reason: entry.reason })
  }
}

function pidOf(entry: Entry): number {
  return 'record' in entry ? entry.record.process.pid : 0
}

type Values = Readonly<Record<string, string | number>>

function report(job: ControlJob, what: keyof Texts['control'], values: Values = {}): number {
  job.io.out(sentence(job, what, values))
  return 0
}

function complain(job: ControlJob, what: keyof Texts['control'], values: Values = {}): number {
  job.io.err(sentence(job, what, values))
  return 3
}

function sentence(job: ControlJob, what: keyof Texts['control'], values: Values): string {
  const { command, id, texts } = job
  const named = what === 'unknown' ? 'clp_fsmon' : command
  return `${command}: ${fill(texts.control[what], { id, command: named, ...values })}\n`
}

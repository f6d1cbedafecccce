import { isDeepStrictEqual } from 'node:util'
import type { Dispatcher } from '../../alert/dispatcher.ts'
import type { ControlAction, ControlAnswer } from '../../registry/control-message.ts'
import type { MonitorRecord } from '../../registry/record.ts'
import { Registry } from '../../registry/registry.ts'
import type { LastCheck } from '../../registry/status.ts'
import { systemClock } from '../../watch/clock.ts'
import { Fleet } from '../../watch/fleet.ts'
import { Gate } from '../../watch/gate.ts'
import type { DiagnosisProcess } from '../diagnosis/diagnosis-process.ts'
import { drainMsOf } from '../monitor/open-dispatcher.ts'
import type { ServiceNotifier } from '../monitor/service-notifier.ts'
import type { Speech } from '../monitor/speak.ts'
import { fill } from '../texts.ts'
import { FleetHealth, firstPauseEnd, type FleetSummary } from './fleet-health.ts'
import type { FleetJob } from './fleet-job.ts'
import type { FleetEntry, FleetList } from './fleet-list.ts'
import { FleetMember, type FleetParts } from './fleet-member.ts'
import { FleetRecord } from './fleet-record.ts'
import { planReload } from './plan-reload.ts'

/** A check counts as beginning for so long; see {@link Gate}. */
const holdMs = 250

/**
 * There are 512 reserved ports for the connections to one address. Of a thousand exports that all hang
 * so many are asked at once that a port is left for whoever else asks there.
 */
const mostAtPorts = 400

/** So many who refuse go into one answer; they mostly do so for the same reason. */
const mostRefusals = 10

/** What the watches of one process have in common: they begin together, are controlled together, and end it. */
export class FleetProcess {
  readonly #job: FleetJob
  readonly #hub: Dispatcher
  readonly #follow: Speech['follow']
  readonly #fleet: Fleet
  readonly #members = new Map<string, FleetMember>()
  readonly #parts: FleetParts
  readonly #registry: Registry
  readonly #health: FleetHealth
  #record: FleetRecord | undefined
  #notifier: ServiceNotifier | undefined
  #cannotWrite = false
  #diagnosis: Promise<DiagnosisProcess | undefined> | undefined
  #list: FleetList
  #reloading: Promise<unknown> = Promise.resolve()

  constructor(job: FleetJob, { dispatcher: hub, follow }: Speech) {
    const { list, layout, io } = job
    this.#job = job
    this.#hub = hub
    this.#follow = follow
    this.#list = list
    this.#fleet = new Fleet(list.exitOn)
    this.#registry = new Registry(layout.run)
    this.#health = new FleetHealth(systemClock, (summary) => {
      this.#notifier?.tellOf(summary, summary.text)
      void this.#save(summary)
    })
    this.#parts = {
      io,
      registry: this.#registry,
      gate: new Gate(systemClock, { ...list.limits, holdMs }),
      ports: new Gate(systemClock, { inAll: Infinity, perAddress: mostAtPorts }),
      layout,
      repair: job.settings.repair,
      outstanding: new Set(),
      pass: (entry) => {
        hub.pass(entry)
      },
      onStatus: (id, status) => {
        this.#health.note(id, status)
      },
      diagnosis: async () => {
        this.#diagnosis ??= this.#openDiagnosis()
        return this.#diagnosis
      },
      onReload: async () => this.reload(),
    }
  }

  /** Begins all watches, or none: what kept them from it is returned in words. */
  async begin(): Promise<string | undefined> {
    const { watches } = this.#list
    const { id } = this.#job
    const log = (text: string): void => {
      this.#hub.log('warn', text)
    }
    const own = await FleetRecord.open(id, this.#list, this.#registry, systemClock, log)
    if ('heldBy' in own) {
      const { entry } = own.heldBy
      this.#hub.announce({ id: 14 })
      return this.#inUse(id, 'record' in entry ? entry.record : undefined)
    }
    this.#record = own.record
    for (const [index, entry] of watches.entries()) {
      const opened = await this.#open(entry, (index + 1) / watches.length)
      if (opened.kind === 'open') continue
      opened.announce()
      await Promise.all([...this.#members.values()].map(async (member) => member.close()))
      await own.record.end(3)
      return this.#inUse(entry.id, opened.holder)
    }
    await own.record.listen(async (action, seconds) => this.#control(action, seconds))
    for (const member of this.#members.values()) this.#fleet.begin(member)
    return undefined
  }

  /** One for all watches; that its command is not to be found is said once. */
  async #openDiagnosis(): Promise<DiagnosisProcess | undefined> {
    const { openDiagnosisProcess } = await import('../diagnosis/open-diagnosing.ts')
    return openDiagnosisProcess((text) => {
      this.#hub.log('warn', text)
    })
  }

  /** For the end of the process: false when a diagnosis cannot be ended. */
  async closeDiagnosis(patienceMs: number): Promise<boolean> {
    const process = await this.#diagnosis
    return (await process?.close(patienceMs)) ?? true
  }

  #inUse(id: string, holder: MonitorRecord | undefined): string {
    const { texts } = this.#job
    const { file } = this.#list
    return holder === undefined
      ? fill(texts.inUseUnknown, { id, file })
      : fill(texts.inUse, { id, file, owner: holder.command, pid: holder.process.pid })
  }

  /** What is asked of the process is asked of each of its watches. */
  async #control(action: ControlAction, seconds?: number): Promise<ControlAnswer> {
    switch (action) {
      case 'stop':
        this.stop('-stop')
        return { ok: true, state: 'ending', text: 'stops' }
      case 'pause':
      case 'continue': {
        const members = this.#watched()
        if (action === 'pause') {
          const refusal = await this.#pauseRefusal(members, seconds)
          if (refusal !== undefined) return refusal
        }
        const answers = await Promise.all(
          members.map(async (member) =>
            action === 'pause' ? member.pause(seconds) : member.continue(),
          ),
        )
        const refused = answers.find(({ ok }) => !ok)
        const pauseEnd = firstPauseEnd(answers)
        // The end of a pause may have been put off, which is no other state.
        if (pauseEnd !== undefined) this.#health.tellAgain()
        return (
          refused ?? {
            ok: true,
            state: action === 'pause' ? 'paused' : 'watching',
            text: '',
            ...(pauseEnd && { pauseEnd }),
          }
        )
      }
      case 'reload':
        return this.reload()
      case 'status':
        return { ok: true, state: 'watching', text: '' }
      case 'drill-fault':
      case 'drill-timeout':
      case 'drill-slow':
      case 'drill-end': {
        const { drillAll } = await import('./drill-all.ts')
        return drillAll(action, seconds, this.#watched())
      }
    }
  }

  /** All are paused or none; those that refuse say so, and are named. */
  async #pauseRefusal(
    members: readonly FleetMember[],
    seconds: number | undefined,
  ): Promise<ControlAnswer | undefined> {
    const refusing = members.flatMap((member) => {
      const refused = member.pauseRefusal(seconds)
      return refused === undefined ? [] : [{ member, ...refused }]
    })
    if (refusing.length === 0) return undefined
    const reasons = refusing.map(({ member, text }) => `${member.id}: ${text}`)
    await Promise.all(refusing.map(async ({ member }) => member.pause(seconds)))
    return {
      ok: false,
      state: 'watching',
      text: reasons.join('; ').slice(0, 1500),
      // As many as go into a line; who refuses mostly does so for the reason of the others.
      refusals: refusing.slice(0, mostRefusals).map(({ member, refusal: { why, values } }) => ({
        why,
        values,
        id: member.id.slice(0, 64),
      })),
    }
  }

  #watched(): FleetMember[] {
    return this.#fleet.ids.flatMap((id) => this.#members.get(id) ?? [])
  }

  /** That it cannot be written, or can again, is logged once. */
  async #save(summary: FleetSummary): Promise<void> {
    try {
      await this.#record?.update(summary)
      this.#cannotWrite = false
    } catch (error) {
      if (!this.#cannotWrite) {
        this.#hub.log('warn', `the record cannot be written, watching goes on: ${String(error)}`)
      }
      this.#cannotWrite = true
    }
  }

  /** Resolves with the exit status when the process is to end, and with whether all records could be written. */
  get ended(): Promise<{ status: number; recorded: Promise<boolean> }> {
    return this.#awaitEnd()
  }

  /** Tells the service manager that started this process how it is; returns what ends that. */
  async notify(): Promise<() => void> {
    const { io } = this.#job
    if (io.env.NOTIFY_SOCKET === undefined) return () => undefined
    const { openNotifier } = await import('../monitor/open-notifier.ts')
    const notifier = openNotifier(io, (text) => {
      this.#hub.log('warn', `service manager: ${text}`)
    })
    this.#notifier = notifier
    return () => notifier?.close()
  }

  /** How many watches it has, or had. */
  get size(): number {
    return this.#members.size
  }

  /** Ends all watches in good order. */
  stop(why: string): void {
    this.#fleet.stop(why)
  }

  /** An error that nobody caught cannot be told to be of one watch; whose check it may have spoilt asks again. */
  reportBug(error: unknown): void {
    const exposed = [...this.#members.values()].filter((member) => member.isExposed)
    for (const member of exposed) member.reportBug(error)
    if (exposed.length > 0) return
    const reason = error instanceof Error ? (error.stack ?? String(error)) : String(error)
    this.#hub.log('error', `bug between checks: ${reason}`)
  }

  /** Reads the list again and does what has changed in it; one that is wrong changes nothing. */
  async reload(): Promise<ControlAnswer> {
    const reloaded = this.#reloading.then(async () => this.#reload())
    // What went wrong with this one is its caller's to hear, and keeps no other from its turn.
    this.#reloading = reloaded.catch(() => undefined)
    return reloaded
  }

  async #awaitEnd(): Promise<{ status: number; recorded: Promise<boolean> }> {
    const { exitStatus, by } = await this.#fleet.ended
    if (by !== undefined && exitStatus !== 0) {
      const drill = this.#members.get(by)?.lostIn
      this.#hub.log('error', `the process ends with ${by}`, drill && { drill })
    }
    return { status: exitStatus, recorded: this.#recorded(exitStatus, by) }
  }

  async #recorded(exitStatus: number, by: string | undefined): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, drainMsOf(this.size), false)
    })
    // A reload that was under way has opened what it was about to open, and gives it back.
    const all = this.#reloading.then(async () =>
      Promise.all([
        this.#record?.end(
          exitStatus,
          exitStatus === 0 ? undefined : this.#lastCheckOf(by),
          exitStatus === 1 && by !== undefined ? this.#members.get(by)?.lostIn : undefined,
        ),
        ...[...this.#members.values()].map(async ({ recorded }) => recorded),
      ]),
    )
    try {
      return await Promise.race([all.then(() => true), tooLong])
    } catch {
      // The record says that we run. Our process is gone soon, so the next start takes it over.
      return true
    } finally {
      clearTimeout(timer)
    }
  }

  #lastCheckOf(id: string | undefined): LastCheck | undefined {
    const lastCheck = id === undefined ? undefined : this.#members.get(id)?.status.lastCheck
    const reason = lastCheck?.reason
    return (
      lastCheck && { ...lastCheck, ...(reason !== undefined && { reason: `${id}: ${reason}` }) }
    )
  }

  async #open(entry: FleetEntry, share: number): ReturnType<typeof FleetMember.open> {
    const firstIntervalMs = entry.settings.timing.intervalS * 1000 * share
    const opened = await FleetMember.open(entry, this.#parts, firstIntervalMs)
    if (opened.kind === 'open') {
      this.#members.set(entry.id, opened.member)
      this.#health.expect(entry.id, opened.member.status)
    }
    return opened
  }

  async #reload(): Promise<ControlAnswer> {
    const { texts, readAgain } = this.#job
    const { file } = this.#list
    let next: FleetList
    let keepsRepair: boolean
    try {
      const { list, settings } = await readAgain()
      await this.#follow(settings)
      keepsRepair = isDeepStrictEqual(settings.repair, this.#job.settings.repair)
      next = list
    } catch (error) {
      const problems = error instanceof Error ? error.message : String(error)
      return this.#say('error', false, fill(texts.refused, { file, problems }))
    }
    const plan = planReload(this.#list, next, new Set(this.#fleet.ids))
    const waits = keepsRepair ? plan.waits : [...plan.waits, 'repair']
    const paused = new Map(
      plan.end.flatMap((id) => {
        const member = this.#members.get(id)
        return member?.isPaused === true ? [[id, member.pauseSecondsLeft] as const] : []
      }),
    )
    await Promise.all(
      plan.end.map(async (id) => {
        const member = this.#members.get(id)
        await this.#fleet.remove(id, 'the list no longer has it as it was')
        await member?.recorded
        this.#members.delete(id)
      }),
    )
    const skipped: string[] = []
    const failed: string[] = []
    for (const [index, entry] of plan.begin.entries()) {
      if (this.#fleet.isEnding) break
      let opened
      try {
        opened = await this.#open(entry, (index + 1) / plan.begin.length)
      } catch (error) {
        // The others are not to go unwatched for the sake of this one.
        this.#hub.log('error', `${entry.id} cannot be begun: ${String(error)}`)
        failed.push(entry.id)
        continue
      }
      if (opened.kind === 'in-use') {
        opened.announce()
        skipped.push(entry.id)
        continue
      }
      // What the operator has paused stays so, however it is watched now.
      if (paused.has(entry.id)) await opened.member.pause(paused.get(entry.id))
      // When the process is ending, it ends at once, and its record says so.
      this.#fleet.begin(opened.member)
    }
    const absent = new Set([...skipped, ...failed])
    const listed = next.watches.filter(({ id }) => !absent.has(id))
    this.#list = { ...next, watches: listed, exitOn: this.#list.exitOn, limits: this.#list.limits }
    const counts = {
      begun: plan.begin.length - absent.size,
      ended: plan.end.length,
      unchanged: plan.unchanged,
    }
    const sentences = [
      fill(texts.reloaded, { file, ...counts }),
      ...(skipped.length > 0 ? [fill(texts.skipped, { ids: skipped.join(', ') })] : []),
      ...(failed.length > 0 ? [fill(texts.failed, { ids: failed.join(', ') })] : []),
      ...(waits.length > 0 ? [fill(texts.waits, { keys: waits.join(', ') })] : []),
    ]
    const isWhole = absent.size === 0
    return this.#say(isWhole ? 'info' : 'warn', isWhole, sentences.join(' '))
  }

  #say(level: 'info' | 'warn' | 'error', ok: boolean, text: string): ControlAnswer {
    this.#hub.log(level, text)
    return { ok, state: 'watching', text: text.slice(0, 3000) }
  }
}

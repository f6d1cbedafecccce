import type { Announcement, LogLevel } from '../../../alert/announcement.ts'
import { alertOf, changeText } from '../../../inventory/change-text.ts'
import type { Change } from '../../../inventory/differences.ts'
import type { Answer, Protocol } from '../../../inventory/item.ts'
import type { Ledger } from '../../../inventory/ledger.ts'
import type { ControlAction, ControlAnswer } from '../../../registry/control-message.ts'
import type { Status } from '../../../registry/status.ts'
import type { Clock } from '../../../watch/clock.ts'
import { Deadline } from '../../../watch/deadline.ts'
import { decidePause, PauseLease, type PauseLimits } from '../../../watch/pause-lease.ts'
import type { Asked } from './ask-server.ts'

/** What a watch of one server's inventory is made of. */
export type ServerWatchParts = {
  server: string
  /** by what it is asked, with what is known */
  ledgers: ReadonlyMap<Protocol, Ledger>
  /** kinds that have to be served; of the others it is no trouble that they never were */
  demanded: readonly ('smb' | 'nfs')[]
  /** special shares and printers count as well */
  all: boolean
  intervalMs: number
  waitMs: number
  clock: Clock
  ask: (protocol: Protocol, signal: AbortSignal) => Promise<Asked>
  announce: (protocol: Protocol, announcement: Announcement) => void
  /** resolves when what was announced is out, or has had its time */
  delivered: () => Promise<void>
  log: (level: LogLevel, text: string) => void
  saveRecord: (status: Status) => Promise<void>
  pauseLimits: PauseLimits
  /** reads the configuration again, for as much of it as counts while this goes on */
  reload: (state: string) => Promise<ControlAnswer>
}

/** So many alerts are given before they are waited for, fewer than places keep waiting. */
const mostAtOnce = 100

const names: Readonly<Record<Protocol, string>> = {
  smb: 'SMB',
  nfs3: 'NFS version 3',
  nfs4: 'NFS version 4',
}

/** Asks one server again and again for what it has, and tells what has become different. */
export class ServerWatch {
  readonly #parts: ServerWatchParts
  /** what was logged last of a protocol, so that it is not logged again */
  readonly #said = new Map<Protocol, string>()
  readonly #notStored = new Set<Protocol>()
  #status: Status
  #isRecordLost = false
  #deadlines: Deadline[] = []
  #wake: (() => void) | undefined
  #stopped: string | undefined
  #paused: Pick<Status, 'pausedSince' | 'pausedUptimeMs'> | undefined
  readonly #lease: PauseLease
  /** to be asked at once, whatever the interval */
  #isDue = false

  constructor(parts: ServerWatchParts) {
    this.#parts = parts
    const { server, log } = parts
    this.#lease = new PauseLease({
      clock: parts.clock,
      warn: (seconds) => {
        log('warn', `inventory of ${server}: the pause ends in ${seconds} s`)
      },
      end: () => {
        log('info', `inventory of ${server}: the pause has reached its end`)
        this.#goOn()
        void this.#save()
      },
      changed: () => {
        void this.#save()
      },
    })
    this.#status = {
      state: 'starting',
      since: parts.clock.date().toISOString(),
      failures: 0,
      retries: 0,
      worstCaseMs: parts.intervalMs + parts.waitMs,
      uptimeMs: Math.floor(parts.clock.uptime()),
      succeeded: false,
    }
  }

  /** What is to be shown of it now. */
  get status(): Status {
    return this.#status
  }

  /** Asks until it is stopped. */
  async run(): Promise<void> {
    while (this.#stopped === undefined) {
      // A pause writes nothing while it lasts: by its record others know how long it does.
      if (this.#paused === undefined) {
        await this.#look()
        await this.#save()
      }
      await this.#rest()
    }
    this.#change('ending')
    await this.#save()
  }

  /** Ends it; what is under way is given up. */
  stop(why: string): void {
    this.#stopped ??= why
    this.#lease.clear()
    this.#interrupt()
  }

  /** Carries out a control. */
  async control(action: ControlAction, seconds?: number): Promise<ControlAnswer> {
    switch (action) {
      case 'stop':
        this.stop('-stop')
        return { ok: true, state: 'ending', text: 'stops' }
      case 'pause':
        return this.#pause(seconds)
      case 'continue':
        this.#goOn()
        await this.#save()
        break
      case 'reload':
        return this.#parts.reload(this.#status.state)
      case 'drill-fault':
      case 'drill-timeout':
      case 'drill-slow':
      case 'drill-end':
        return { ok: false, state: this.#status.state, text: 'an inventory has no drills' }
      case 'status':
    }
    return { ok: true, state: this.#status.state, text: '' }
  }

  /** Asks nothing, for so long at most where something is said; of a pause there is the end is set anew. */
  async #pause(seconds: number | undefined): Promise<ControlAnswer> {
    const { clock, pauseLimits } = this.#parts
    const { leftMs, extensionsLeft } = this.#lease
    const wantedMs = seconds === undefined ? undefined : seconds * 1000
    const isPaused = this.#paused !== undefined
    const grant = decidePause({ wantedMs, isPaused, leftMs, extensionsLeft }, pauseLimits)
    const answer = (ok: boolean, text: string): ControlAnswer => {
      const pauseEnd = this.#lease.shown
      return { ok, state: this.#status.state, text, ...(pauseEnd && { pauseEnd }) }
    }
    if (this.#stopped !== undefined) {
      return { ...answer(false, 'is ending'), refusals: [{ why: 'ending', values: {} }] }
    }
    if (grant.kind === 'refused') {
      return { ...answer(false, grant.text), refusals: [grant.refusal] }
    }
    this.#paused ??= {
      pausedSince: clock.date().toISOString(),
      pausedUptimeMs: Math.floor(clock.uptime()),
    }
    this.#lease.set(grant.ms, grant.extensionsLeft)
    this.#isDue = false
    this.#change('paused')
    this.#interrupt()
    await this.#save()
    return answer(true, '')
  }

  #goOn(): void {
    if (this.#paused === undefined || this.#stopped !== undefined) return
    this.#paused = undefined
    this.#lease.clear()
    this.#isDue = true
    this.#change('starting')
    this.#interrupt()
  }

  #interrupt(): void {
    for (const deadline of this.#deadlines) deadline.abandon('the inventory was told otherwise')
    this.#wake?.()
  }

  /** Waits for the interval, or until there is something else to do. */
  async #rest(): Promise<void> {
    if (this.#stopped !== undefined || this.#isDue) return
    const { clock, intervalMs } = this.#parts
    await new Promise<void>((resolve) => {
      // In a pause as well: without anything to wait for, the process would end.
      const cancel = clock.setTimer(intervalMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#wake = undefined
  }

  async #look(): Promise<void> {
    this.#isDue = false
    const { ledgers, clock, waitMs, ask } = this.#parts
    const began = clock.now()
    const deadlines: Deadline[] = []
    this.#deadlines = deadlines
    const all = await Promise.all(
      Array.from(ledgers, async ([protocol, ledger]) => {
        const deadline = new Deadline(clock, waitMs)
        deadlines.push(deadline)
        const asked = await ask(protocol, deadline.signal)
        deadline.clear()
        return { protocol, ledger, asked }
      }),
    )
    this.#deadlines = []
    if (all.some(({ asked }) => asked.kind === 'aborted')) return
    const troubles: string[] = []
    for (const { protocol, ledger, asked } of all) {
      if (asked.kind === 'answer') await this.#take(protocol, ledger, asked.answer, troubles)
      else if (asked.kind !== 'aborted') this.#miss(protocol, ledger, asked, troubles, all)
    }
    const answered = all.filter(({ asked }) => asked.kind === 'answer').length
    const isOwn = all.some(({ asked }) => asked.kind === 'own-trouble')
    this.#status = {
      ...this.#status,
      failures: troubles.length === 0 ? 0 : this.#status.failures + 1,
      succeeded: this.#status.succeeded === true || answered > 0,
      lastCheck: {
        at: clock.date().toISOString(),
        verdict: troubles.length === 0 ? 'ok' : isOwn ? 'cannot-judge' : 'failed',
        stages: all.map(({ protocol, asked }) => ({
          name: protocol,
          // To a microsecond, as those of checks are.
          ms: Math.round(asked.stages.reduce((sum, { ms }) => sum + ms, 0) * 1000) / 1000,
        })),
        ms: Math.round(clock.now() - began),
        ...(troubles.length > 0 && { reason: troubles.join('; ') }),
      },
    }
    // Who was told to pause meanwhile does.
    if (this.#paused === undefined) {
      this.#change(troubles.length === 0 ? 'watching' : 'failing')
    }
  }

  /** Tells what is different, and keeps what was found; in this order, so that a crash loses nothing. */
  async #take(
    protocol: Protocol,
    ledger: Ledger,
    answer: Answer,
    troubles: string[],
  ): Promise<void> {
    const { log, clock } = this.#parts
    const where = this.#where(protocol)
    const finding = ledger.compare(answer)
    const count = answer.items.length
    if (finding.kind === 'first') {
      log('info', `${where}: ${count} found and stored; changes are told from now on`)
    } else if (finding.kind === 'other-login') {
      const logins = `now asked as ${answer.askedAs || 'nobody'}, before as ${finding.before || 'nobody'}`
      log('warn', `${where}: ${logins}, who may be shown other things; ${count} stored anew`)
    } else {
      await this.#tell(
        protocol,
        finding.changes.filter((change) => this.#counts(change)),
      )
    }
    if (answer.isComplete) {
      if (this.#said.delete(protocol)) log('info', `${where}: answers again`)
    } else {
      const reason = 'not everything was told'
      troubles.push(`${names[protocol]}: ${reason}`)
      this.#sayOnce(protocol, `${where}: ${reason}; nothing is taken for vanished`)
    }
    try {
      await ledger.keep(answer, clock.date().toISOString())
      this.#notStored.delete(protocol)
    } catch (error) {
      troubles.push(`${names[protocol]}: cannot be stored`)
      if (this.#notStored.has(protocol)) return
      this.#notStored.add(protocol)
      const then = 'after a restart changes may be told again'
      log('error', `${where}: cannot be stored: ${String(error)}; ${then}`)
    }
  }

  async #tell(protocol: Protocol, changes: readonly Change[]): Promise<void> {
    const { announce, delivered, server } = this.#parts
    for (const [at, change] of changes.entries()) {
      const { name, properties } = change.item
      announce(protocol, {
        id: alertOf[change.kind],
        text: changeText(protocol, server, change),
        detail: { inventory: server, protocol, name, ...properties },
      })
      if ((at + 1) % mostAtOnce === 0) await delivered()
    }
    if (changes.length > 0) await delivered()
  }

  #counts(change: Change): boolean {
    // A disk that became a printer, too, has been one.
    const was = change.kind === 'changed' ? change.properties : []
    const wasDisk = was.some(({ property, before }) => property === 'type' && before === 'disk')
    return this.#parts.all || change.item.isSpecial !== true || wasDisk
  }

  /** Nothing is known now: that is said, and what was known stays. */
  #miss(
    protocol: Protocol,
    ledger: Ledger,
    asked: Exclude<Asked, { kind: 'answer' | 'aborted' }>,
    troubles: string[],
    all: readonly { protocol: Protocol; asked: Asked }[],
  ): void {
    const { reason } = asked
    const where = this.#where(protocol)
    const kind = protocol === 'smb' ? 'smb' : 'nfs'
    const isAnswered = all.some(
      (other) => (other.protocol === 'smb') === (kind === 'smb') && other.asked.kind === 'answer',
    )
    const isDue = isAnswered ? false : this.#parts.demanded.includes(kind)
    const nobodyAnswers = !all.some((other) => other.asked.kind === 'answer')
    if (asked.kind === 'not-served' && !ledger.isKnown && !isDue && !nobodyAnswers) {
      this.#sayOnce(protocol, `${where}: not served, and never was (${reason})`, 'info')
      return
    }
    troubles.push(`${names[protocol]}: ${reason}`)
    this.#sayOnce(protocol, `${where}: not known: ${reason}; nothing is taken for vanished`)
  }

  #sayOnce(protocol: Protocol, text: string, level: LogLevel = 'warn'): void {
    if (this.#said.get(protocol) === text) return
    this.#said.set(protocol, text)
    this.#parts.log(level, text)
  }

  #where(protocol: Protocol): string {
    return `inventory of ${this.#parts.server}, ${names[protocol]}`
  }

  #change(state: Status['state']): void {
    const { clock } = this.#parts
    const { pausedSince: _, pausedUptimeMs: __, ...status } = this.#status
    const since = state === status.state ? status.since : clock.date().toISOString()
    this.#status = { ...status, state, since, ...(state === 'paused' && this.#paused) }
  }

  /** That it cannot be written is logged once. */
  async #save(): Promise<void> {
    const { clock, intervalMs, saveRecord, log } = this.#parts
    const isResting = this.#stopped === undefined && this.#paused === undefined
    const { nextCheck: _, pauseEnd: __, ...status } = this.#status
    const pauseEnd = this.#lease.shown
    const next = new Date(clock.date().getTime() + intervalMs).toISOString()
    this.#status = {
      ...status,
      uptimeMs: Math.floor(clock.uptime()),
      ...(isResting && { nextCheck: next }),
      ...(pauseEnd && { pauseEnd }),
    }
    try {
      await saveRecord(this.#status)
      this.#isRecordLost = false
    } catch (error) {
      if (!this.#isRecordLost) {
        log('warn', `the record cannot be written, the inventory goes on: ${String(error)}`)
      }
      this.#isRecordLost = true
    }
  }
}

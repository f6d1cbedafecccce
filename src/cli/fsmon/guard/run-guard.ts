import { join } from 'node:path'
import { uptime } from 'node:os'
import { Dispatcher } from '../../../alert/dispatcher.ts'
import { alertOf, findingText, type Finding } from '../../../guard/finding.ts'
import { Guard, type Guarded } from '../../../guard/guard.ts'
import { look } from '../../../guard/look.ts'
import { emptyMemory } from '../../../guard/memory.ts'
import { readMemory, writeMemory } from '../../../guard/memory-file.ts'
import { layoutUnder } from '../../../registry/layout.ts'
import { makePrivateDirectory } from '../../../registry/private-directory.ts'
import { readBootId } from '../../../registry/process-identity.ts'
import type { KnownRecords } from '../../../registry/record-file.ts'
import { Registry } from '../../../registry/registry.ts'
import { takeSeat } from '../../../registry/seat.ts'
import type { Io } from '../../io.ts'
import { leave } from '../../leave.ts'
import { explainProblem } from '../../monitor/explain-problem.ts'
import { ignoreSignals } from '../../monitor/ignore-signals.ts'
import { drainMs } from '../../monitor/open-dispatcher.ts'
import { listenToProcess, type ProcessHandlers } from '../../monitor/process-events.ts'
import { speak } from '../../monitor/speak.ts'
import { optionValue } from '../../option-value.ts'
import { ParameterError } from '../../parameter-error.ts'
import { loadConfigTexts } from '../../settings/config-texts.ts'
import { explainConfig } from '../../settings/explain-config.ts'
import { problemsOfDefaults, readSettings, settingsFile } from '../../settings/settings.ts'
import { fill, type Texts } from '../../texts.ts'
import type { GuardTexts } from './guard-texts.ts'
import { Rest } from './rest.ts'

/** The options of `clp_fsmon guard` as they are written. */
export type GuardOptions = { watch?: true; interval?: string; json?: true }

/** What `clp_fsmon guard` is started with. */
export type GuardJob = {
  options: GuardOptions
  words: GuardTexts
  texts: Texts
  io: Io
  /** hears what comes from outside to the process */
  listen?: (handlers: ProcessHandlers) => void
}

/** How long a monitor may take to say that it is there, on a busy host. */
const answerMs = 10_000

const usualIntervalS = 30

/** Looks at the monitors of this host, once or until told to end; resolves with the exit status. */
export async function guard(job: GuardJob): Promise<number> {
  const { options, words, texts, io, listen = listenToProcess } = job
  const complain = (text: string): void => {
    io.err(`clp_fsmon: ${text}\n`)
  }
  const root = io.env.CLP_FSMON_ROOT
  if (io.uid !== 0 && root === undefined) {
    complain(words.notRoot)
    return 4
  }
  let intervalMs
  try {
    intervalMs = intervalOf(options)
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error
    complain(explainProblem(error, texts))
    return 2
  }
  const layout = layoutUnder(root ?? '/')
  const settings = await readSettings(settingsFile(layout.etc))
  const wrong = problemsOfDefaults(settings)
  if (wrong.length > 0) {
    const configTexts = await loadConfigTexts('en')
    for (const problem of wrong) io.err(`${explainConfig(problem, configTexts)}\n`)
    return 2
  }
  const isLoop = options.watch === true
  const directory = join(layout.lib, 'guard')
  const file = join(directory, 'memory.json')
  let leaveSeat
  try {
    await makePrivateDirectory(layout.lib)
    await makePrivateDirectory(directory)
    leaveSeat = await takeSeat(join(directory, 'seat'))
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return 5
  }
  // Two that alert would say everything twice.
  const isSecond = leaveSeat === undefined
  if (isSecond) complain(words.other)
  if (isSecond && isLoop) return 3

  const rest = new Rest()
  let status = 0
  ignoreSignals()
  const speech = await speak({
    command: 'clp_sambamon',
    target: '',
    monitor: 'guard',
    layout,
    settings,
    io,
  })
  const hub = speech.dispatcher
  listen({
    onStop: () => {
      rest.end()
    },
    onBug: (error) => {
      status = 5
      const reason = error instanceof Error ? (error.stack ?? String(error)) : String(error)
      hub.log('error', `bug, the guard ends: ${reason}`)
      rest.end()
    },
  })
  const registry = new Registry(layout.run)
  const known: KnownRecords = new Map()
  const bootId = readBootId()
  const stored = await readMemory(file)
  if (stored === undefined) hub.log('warn', 'guard: what was stored is damaged; begins anew')
  const each = isSecond ? () => undefined : (finding: Finding) => sayOf(finding, hub, io)
  const guarding = new Guard({
    memory: stored ?? emptyMemory,
    bootId,
    clock: () => {
      const uptimeMs = uptime() * 1000
      return { uptimeMs, suspendedMs: uptimeMs - Number(process.hrtime.bigint()) / 1e6 }
    },
    wait: async (ms) => rest.wait(ms),
    isStopped: () => rest.isOver,
    look: async (resumedUptimeMs, lateChecks) => {
      const at = { uptimeMs: uptime() * 1000, now: new Date() }
      return look({
        entries: await registry.list(known),
        at,
        bootId,
        resumedUptimeMs,
        lateChecks,
        ask: async (id, request) => registry.ask(id, request, AbortSignal.timeout(answerMs)),
      })
    },
    began: (finding) => each(finding)?.began(),
    over: (finding) => each(finding)?.over(),
    before: ({ id, process: { pid } }) => {
      if (isSecond) return
      hub.log('warn', `guard: ${id} (process ${pid}) vanished before the machine restarted`)
    },
  })
  let isStored = true
  const round = async (): Promise<Guarded> => {
    const guarded = await guarding.round()
    if (isSecond) return guarded
    try {
      await writeMemory(file, guarding.memory)
      isStored = true
    } catch (error) {
      const text = fill(words.notStored, { reason: String(error) })
      if (isStored) complain(text)
      if (isStored) hub.log('error', `guard: cannot store what was found: ${String(error)}`)
      isStored = false
    }
    return guarded
  }
  if (isLoop) complain(fill(words.started, { seconds: intervalMs / 1000 }))
  // Who was stopped before a second look has found nothing, which is not that all is well.
  let isAnswered = isLoop
  try {
    while (!rest.isOver) {
      const guarded = await round()
      if (isLoop) await rest.wait(intervalMs)
      else if (!rest.isOver) {
        show(guarded, options.json === true, words, io)
        isAnswered = true
        status = Math.max(status, guarded.findings.length > 0 ? 1 : 0)
        rest.end()
      }
    }
  } catch (error) {
    status = 5
    complain(String(error))
    hub.log('error', `guard: ${String(error)}`)
  } finally {
    await leaveSeat?.()
  }
  if (!isStored || !isAnswered) status = 5
  rest.end()
  if (!(await hub.end(drainMs))) leave({ status, stuck: true }, io)
  return status
}

function intervalOf({ watch, interval, json }: GuardOptions): number {
  if (watch && json) {
    throw new ParameterError(11, 'not-together', { option: '--watch', other: '--json' })
  }
  if (interval !== undefined && !watch) {
    throw new ParameterError(11, 'needs-with', { option: '-i', other: '--watch' })
  }
  const seconds = optionValue('-i', interval ?? String(usualIntervalS), {
    rule: 'integer',
    min: 1,
    max: 86_400,
  })
  return Number(seconds) * 1000
}

/** Speaks as the monitor itself would, so that its alerts are those of its watch. */
function sayOf(finding: Finding, hub: Dispatcher, io: Io): { began: () => void; over: () => void } {
  const { trouble, id, target, command, process: of } = finding
  const speaker = new Dispatcher({
    command: command === 'clp_nfsmon' ? 'clp_nfsmon' : 'clp_sambamon',
    target,
    server: io.hostName(),
    monitor: id,
    sinks: [{ name: 'process', takes: () => true, deliver: async (said) => hub.pass(said) }],
    onTrouble: () => undefined,
  })
  return {
    began: () => {
      const detail = { guard: trouble, pid: of.pid, watches: 1 + finding.others.length }
      speaker.announce({ id: alertOf(trouble), text: findingText(finding), detail })
    },
    over: () => {
      speaker.log('info', `guard: ${alertOf(trouble)} is over: ${id} (process ${of.pid})`)
    },
  }
}

function show(guarded: Guarded, isJson: boolean, words: GuardTexts, io: Io): void {
  const { findings, count } = guarded
  if (isJson) {
    const found = findings.map(({ trouble, id, command, target, process: of, others, ms }) => ({
      alert: alertOf(trouble),
      trouble,
      id,
      command,
      target,
      pid: of.pid,
      others,
      ...(trouble !== 'vanished' && { ms: Math.round(ms) }),
    }))
    io.out(`${JSON.stringify({ records: count, found }, null, 2)}\n`)
    return
  }
  if (findings.length === 0) io.out(`${fill(words.well, { count })}\n`)
  for (const finding of findings) {
    const who = findingText({ ...finding, trouble: 'vanished' })
    io.out(`${fill(words[finding.trouble], { who, seconds: Math.round(finding.ms / 1000) })}\n`)
  }
}

import type { RepairSettings } from '../../config/repair-kinds.ts'
import type { Layout } from '../../registry/layout.ts'
import {
  absenceText,
  builtInSteps,
  isAbsence,
  isOnThisHost,
  type Absence,
} from '../../repair/built-in-steps.ts'
import {
  DamagedJournalError,
  Journal,
  type Forbidden,
  type JournalEntry,
} from '../../repair/journal.ts'
import type { RepairClock } from '../../repair/repair-clock.ts'
import { orphanIn, readUnderWay, type UnderWay } from '../../repair/under-way.ts'
import { membersOf } from '../../repair/session.ts'
import { journalDirectory } from './open-repair.ts'
import { obstacleOf, type Obstacle } from './obstacle.ts'
import { planOf } from './plan-of.ts'

type Command = { command: readonly string[] } | { problem: string; absence: Absence }

/** One configured step, and whether it could begin now. */
export type ConfiguredStep = {
  name: string
  kind: 'samba' | 'nfs'
  causes: readonly string[]
  /** the program alone where the operator wrote it: what it is told may be a secret */
  program: Command
  builtIn: boolean
  limitS: number
  watches?: readonly string[]
  remote: boolean
  /** why it can never begin, as things are */
  obstacle?: Obstacle
  forbidden?: Forbidden
}

/** Everything there is to know about repairs on this host. */
export type RepairsSeen = {
  builtIn: ({ name: string; kind: 'samba' | 'nfs'; causes: readonly string[] } & Command)[]
  enabled: boolean
  steps: ConfiguredStep[]
  limits?: { perHour: number; perDay: number; totalS: number; settleS: number; waitS: number }
  lastHour: number
  lastDay: number
  lately: JournalEntry[]
  /** why that cannot be read */
  problem?: string
  /** where it is none of ours */
  damaged?: string
  underWay?: UnderWay & { isOrphan: boolean }
}

/** Looks at what may be done on this host, and at what was. */
export async function repairsSeen(
  settings: RepairSettings | undefined,
  layout: Pick<Layout, 'run' | 'lib'>,
  clock: RepairClock,
): Promise<RepairsSeen> {
  const journal = new Journal(journalDirectory(layout), clock)
  let lately: JournalEntry[] = []
  let problem: string | undefined
  let damaged: string | undefined
  try {
    lately = await journal.read()
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
    if (error instanceof DamagedJournalError) damaged = error.path
  }
  const plans = (['samba', 'nfs'] as const).map((kind) => ({
    kind,
    plan: planOf(settings && { ...settings, enabled: true }, { kind }),
  }))
  const plan = plans.find((one) => one.plan !== undefined)?.plan
  const limits = plan && { perHour: plan.perHour, perDay: plan.perDay }
  const found = readUnderWay(layout.run)
  const underWay = found !== undefined && membersOf(found.leader).length > 0 ? found : undefined
  const steps = await Promise.all(
    plans.flatMap(({ kind, plan: its }) =>
      (its?.steps ?? []).map(async (step): Promise<ConfiguredStep> => {
        const written = settings?.step.find(({ name, use }) => (name ?? use) === step.name)
        const ours = builtInSteps[written?.use ?? '']?.command(isOnThisHost)
        const forbidden = limits && journal.forbids(step.name, lately, limits)
        const obstacle = settings && written && (await obstacleOf(written, settings, clock))
        const seen: ConfiguredStep = {
          name: step.name,
          kind,
          causes: step.causes,
          program: commandOf(ours ?? written?.command?.slice(0, 1) ?? []),
          builtIn: ours !== undefined,
          limitS: step.limitMs / 1000,
          remote: step.remote,
        }
        if (written?.watches !== undefined) seen.watches = written.watches
        if (obstacle !== undefined) seen.obstacle = obstacle
        if (forbidden !== undefined) seen.forbidden = forbidden
        return seen
      }),
    ),
  )
  return {
    builtIn: Object.entries(builtInSteps).map(([name, { kind, causes, command }]) =>
      Object.assign({ name, kind, causes }, commandOf(command(isOnThisHost))),
    ),
    enabled: settings?.enabled === true && plan !== undefined,
    steps,
    ...(plan && {
      limits: {
        perHour: plan.perHour,
        perDay: plan.perDay,
        totalS: plan.totalMs / 1000,
        settleS: plan.settleMs / 1000,
        waitS: plan.waitMs / 1000,
      },
    }),
    lastHour: lately.filter((entry) => journal.ageMs(entry) < 3_600_000).length,
    lastDay: lately.length,
    lately,
    ...(problem !== undefined && { problem }),
    ...(damaged !== undefined && { damaged }),
    ...(underWay && { underWay: { ...underWay, isOrphan: orphanIn(layout.run) !== undefined } }),
  }
}

function commandOf(command: readonly string[] | Absence): Command {
  return isAbsence(command) ? { problem: absenceText(command), absence: command } : { command }
}

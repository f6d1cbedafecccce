import type { Protocol } from '../../../inventory/item.ts'
import { layoutUnder } from '../../../registry/layout.ts'
import { Registry, type Entry } from '../../../registry/registry.ts'
import { systemClock } from '../../../watch/clock.ts'
import { Deadline } from '../../../watch/deadline.ts'
import type { Io } from '../../io.ts'
import { leave } from '../../leave.ts'
import { explainProblem } from '../../monitor/explain-problem.ts'
import { keepOutOfDumps } from '../../monitor/keep-out-of-dumps.ts'
import { ParameterError } from '../../parameter-error.ts'
import { loadConfigTexts } from '../../settings/config-texts.ts'
import { explainConfig } from '../../settings/explain-config.ts'
import { problemsOfDefaults, readSettings, settingsFile } from '../../settings/settings.ts'
import type { Texts } from '../../texts.ts'
import { askServer, type Asked } from './ask-server.ts'
import {
  type InventoryOptions,
  type InventorySettings,
  inventorySettings,
} from './inventory-settings.ts'
import { inventoryJson, inventoryText, inventoryTroubles } from './inventory-text.ts'
import type { InventoryTexts } from './inventory-texts.ts'
import { inventoryToml } from './inventory-toml.ts'
import { addressFinder, serverPlaces, type ServerPlace, watchersOf } from './server-places.ts'
import { serverView, type ServerView } from './server-view.ts'

/** What `clp_fsmon inventory` is started with. */
export type InventoryJob = {
  options: InventoryOptions
  words: InventoryTexts
  texts: Texts
  io: Io
}

/** So many servers are asked at once. */
const mostAtOnce = 8

/** Shows what servers have, or goes on watching that; resolves with the exit status. */
export async function inventory(job: InventoryJob): Promise<number> {
  const { options, words, texts, io } = job
  if (options.password !== undefined) hidePassword(options)
  const complain = (text: string): void => {
    io.err(`clp_fsmon: ${text}\n`)
  }
  const root = io.env.CLP_FSMON_ROOT
  if (io.uid !== 0 && root === undefined) {
    complain(words.notRoot)
    return 4
  }
  const layout = layoutUnder(root ?? '/')
  const configuration = await readSettings(settingsFile(layout.etc))
  const wrong = problemsOfDefaults(configuration)
  if (wrong.length > 0) {
    const configTexts = await loadConfigTexts('en')
    for (const problem of wrong) io.err(`${explainConfig(problem, configTexts)}\n`)
    return 2
  }
  let settings: InventorySettings
  try {
    settings = inventorySettings(options, configuration.defaults.clp_sambamon, io)
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error
    complain(explainProblem(error, texts))
    return 2
  }
  keepOutOfDumps()
  const find = addressFinder()
  const entries = [...(await new Registry(layout.run).list()).values()]
  const places = await serverPlaces(settings, entries, find)
  if (places.length === 0) {
    complain(words.noServers)
    return 2
  }
  if (options.watch === true) {
    const { watchInventory } = await import('./watch-inventory.ts')
    const exit = await watchInventory({ places, settings, configuration, layout, words, io })
    if (exit.stuck === true) leave(exit, io)
    return exit.status
  }
  const watchers = await watchersOf(entries, find)
  const views: ServerView[] = []
  for (let at = 0; at < places.length; at += mostAtOnce) {
    const some = places.slice(at, at + mostAtOnce)
    const asked = await Promise.all(some.map(async (place) => askAll(place, settings, io)))
    views.push(
      ...some.map((place, index) => serverView(place, asked[index] ?? new Map(), watchers)),
    )
  }
  show(views, settings, entries, words, io)
  return statusOf(views, settings)
}

async function askAll(
  place: ServerPlace,
  { protocols, waitS, login, encrypt }: InventorySettings,
  io: Io,
): Promise<Map<Protocol, Asked>> {
  const asked = await Promise.all(
    protocols.map(async (protocol): Promise<[Protocol, Asked]> => {
      const deadline = new Deadline(systemClock, waitS * 1000)
      try {
        return [protocol, await askServer(place, protocol, { login, encrypt, io }, deadline.signal)]
      } finally {
        deadline.clear()
      }
    }),
  )
  return new Map(asked)
}

function show(
  views: readonly ServerView[],
  settings: InventorySettings,
  entries: readonly Entry[],
  words: InventoryTexts,
  io: Io,
): void {
  const { all, form } = settings
  if (form === 'json') {
    io.out(
      `${JSON.stringify({ servers: views.map((view) => inventoryJson(view, all)) }, null, 2)}\n`,
    )
    return
  }
  const ids = new Set(entries.flatMap((entry) => ('record' in entry ? entry.record.id : [])))
  for (const view of views) {
    io.out(
      form === 'toml' ? inventoryToml(view, settings, ids, words) : inventoryText(view, all, words),
    )
    for (const line of inventoryTroubles(view, words)) io.err(`clp_fsmon: ${line}\n`)
  }
}

/** 0 where all is known, 1 where something is not, 5 where that is for a reason of our own. */
function statusOf(views: readonly ServerView[], { demanded }: InventorySettings): number {
  const statuses = views.map(({ asked }) => {
    const all = [...asked]
    if (all.some(([, { kind }]) => kind === 'own-trouble' || kind === 'aborted')) return 5
    if (all.some(([, { kind }]) => kind === 'failed')) return 1
    const answered = all.filter(([, { kind }]) => kind === 'answer')
    const isPartial = answered.some(([, each]) => each.kind === 'answer' && !each.answer.isComplete)
    const lacks = demanded.some(
      (kind) => !answered.some(([protocol]) => (protocol === 'smb') === (kind === 'smb')),
    )
    return answered.length === 0 || isPartial || lacks ? 1 : 0
  })
  return Math.max(0, ...statuses)
}

/** Node overwrites the memory of its arguments with the title, so that nobody else sees the password for long. */
function hidePassword(options: InventoryOptions): void {
  const shown = Object.entries(options).map(([name, value]) =>
    name === 'password' ? '--password ***' : `--${name}${value === true ? '' : ` ${value}`}`,
  )
  process.title = ['clp_fsmon', 'inventory', ...shown].join(' ')
}

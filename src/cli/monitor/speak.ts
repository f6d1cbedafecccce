import type { Dispatcher } from '../../alert/dispatcher.ts'
import type { ConfigProblem } from '../../config/config-error.ts'
import type { Layout } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import type { Settings } from '../settings/settings.ts'
import { openDispatcher } from './open-dispatcher.ts'
import type { CommandName } from './option-table.ts'

/** Who speaks, and by which settings. */
export type SpeechPlaces = {
  command: CommandName
  target: string
  /** the monitor's ID, where there is one */
  monitor?: string
  /** so many entries wait for a place at most, if not as many as usual */
  mostWaiting?: number
  layout: Layout
  settings: Settings
  io: Io
}

/** A dispatcher by the configuration, and how it follows another one. */
export type Speech = { dispatcher: Dispatcher; follow: (settings: Settings) => Promise<void> }

/** Opens the ways of all alerts; what is wrong with those of the configuration is said in the others. */
export async function speak(places: SpeechPlaces): Promise<Speech> {
  const { command, target, monitor, mostWaiting, layout, io } = places
  const logDirectory = layout.log
  const who = { command, target, ...(monitor !== undefined && { monitor }) }
  const dispatcher = openDispatcher({
    ...who,
    logDirectory,
    io,
    ...(mostWaiting !== undefined && { mostWaiting }),
  })
  const follow = async ({ sinks: settings }: Settings): Promise<void> => {
    // Loaded only where there is a configuration.
    const { openSinks } = await import('./open-sinks.ts')
    const configured = openSinks({
      settings,
      lib: layout.lib,
      io,
      onTrouble: ({ sink, text }) => {
        dispatcher.log('warn', `alerts by way of ${sink}: ${text}`)
      },
    })
    dispatcher.configure(configured)
  }
  if (places.settings.isThere) await follow(places.settings)
  const wrong = (name: string): readonly ConfigProblem[] =>
    places.settings.problems.filter(({ key }) => key.startsWith(name))
  for (const [name, what] of [
    ['sink', 'alerts'],
    ['repair', 'nothing is repaired'],
  ] as const) {
    if (wrong(name).length > 0) await complain(dispatcher, what, wrong(name))
  }
  return { dispatcher, follow }
}

async function complain(
  dispatcher: Dispatcher,
  what: string,
  problems: readonly ConfigProblem[],
): Promise<void> {
  const [{ loadConfigTexts }, { explainConfig }] = await Promise.all([
    import('../settings/config-texts.ts'),
    import('../settings/explain-config.ts'),
  ])
  const texts = await loadConfigTexts('en')
  for (const problem of problems) {
    dispatcher.log('warn', `${what}: ${explainConfig(problem, texts)}; watching goes on`)
  }
}

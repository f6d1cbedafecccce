import { Command } from 'commander'
import { layoutUnder } from '../../registry/layout.ts'
import { Registry, type Entry } from '../../registry/registry.ts'
import type { Io } from '../io.ts'
import { fleetCommand } from '../fleet/fleet-record.ts'
import { loadConfigTexts, type ConfigTexts } from '../settings/config-texts.ts'
import { explainConfig } from '../settings/explain-config.ts'
import { readSettings, settingsFile } from '../settings/settings.ts'
import { fill, type Language } from '../texts.ts'

/** How long a monitor may take to answer. */
const answerSeconds = 10

/** The subcommand `reload` of `clp_fsmon`; `end` is told its exit status. */
export async function reloadCommand(
  language: Language,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const texts = await loadConfigTexts(language)
  return new Command('reload').description(texts.reload.about).action(async () => {
    const root = io.env.CLP_FSMON_ROOT
    if (io.uid !== 0 && root === undefined) {
      io.err(`clp_fsmon: ${texts.reload.notRoot}\n`)
      end(4)
      return
    }
    const { run, etc } = layoutUnder(root ?? '/')
    end(await reload(new Registry(run), settingsFile(etc), texts, io))
  })
}

/** Has all monitors read a file again that is good; resolves with the exit status. */
async function reload(
  registry: Registry,
  file: string,
  texts: ConfigTexts,
  io: Io,
): Promise<number> {
  const { problems } = await readSettings(file)
  if (problems.length > 0) {
    for (const problem of problems) io.err(`${explainConfig(problem, texts)}\n`)
    io.err(`clp_fsmon: ${texts.reload.unchanged}\n`)
    return 2
  }
  const live = oneOfEach(
    [...(await registry.list()).values()].filter((entry) => entry.kind === 'live'),
  )
  if (live.length === 0) io.out(`${texts.reload.nobody}\n`)
  const told = await Promise.all(live.map(async (entry) => tell(registry, entry, texts, io)))
  return told.every(Boolean) ? 0 : 3
}

type Live = Entry & { kind: 'live' }

/** Of each process one is told: the one that speaks for all where there is one. */
function oneOfEach(live: readonly Live[]): Live[] {
  const told = new Map<string, Live>()
  for (const entry of live) {
    const { process, sharesProcess } = entry.record
    const key = `${process.pid} ${process.startTicks}`
    if (!told.has(key) || sharesProcess !== true) told.set(key, entry)
  }
  return [...told.values()]
}

async function tell(
  registry: Registry,
  { record: { id, command, process, options } }: Live,
  { reload: words }: ConfigTexts,
  io: Io,
): Promise<boolean> {
  const signal = AbortSignal.timeout(answerSeconds * 1000)
  const reply = await registry.ask(id, { command, action: 'reload' }, signal)
  if (reply.kind !== 'answer') {
    const values = { id, pid: process.pid, seconds: answerSeconds }
    io.err(`clp_fsmon: ${fill(words.notAnswering, values)}\n`)
    return false
  }
  const { ok, text } = reply.answer
  if (!ok) {
    io.err(`clp_fsmon: ${fill(words.refused, { id, reason: text })}\n`)
    return false
  }
  // The process of a list says itself what has changed in that; an inventory has none.
  if (command === fleetCommand && options['inventory'] === undefined) {
    io.out(`${id}: ${text}\n`)
    return true
  }
  io.out(`${fill(words.reloaded, { id })}\n`)
  if (text !== '') io.out(`${fill(words.nextStart, { id, names: text })}\n`)
  return true
}

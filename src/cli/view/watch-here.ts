import { join } from 'node:path'
import { layoutUnder } from '../../registry/layout.ts'
import { WatchReader } from '../../view/watches.ts'
import type { Io } from '../io.ts'
import { listenToSignals } from './terminal-signals.ts'
import type { ViewTexts } from './view-texts.ts'
import { watchStatus } from './watch-status.ts'

/** Shows the watches of this host live, where this process has a terminal; resolves with the exit status. */
export async function watchHere(id: string | undefined, words: ViewTexts, io: Io): Promise<number> {
  const { run, log } = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
  const { stdin, stdout } = process
  return watchStatus({
    id,
    reader: new WatchReader(run),
    logPath: join(log, 'alert.log'),
    words,
    io,
    terminal:
      stdin.isTTY && stdout.isTTY ? { input: stdin, output: stdout, write: io.out } : undefined,
    onSignals: listenToSignals,
  })
}

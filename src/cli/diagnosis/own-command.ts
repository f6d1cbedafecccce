import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** How a command of this very installation is started. */
export type OwnCommand = { file: string; args: readonly string[]; argv0?: string }

/** What a process knows of how it was started. */
export type Started = Pick<NodeJS.Process, 'execPath' | 'execArgv' | 'argv'>

/**
 * How to start `clp_fsmon` of the installation that this process is of: the file beside the one that we
 * were started from, by the Node that we run on; or the executable that is all commands. The search path is
 * not asked, for another version, or another's program, may come first there. Undefined where there is none.
 */
export async function ownCommand({ execPath, execArgv, argv }: Started = process): Promise<
  OwnCommand | undefined
> {
  if (await isExecutableOfAll()) return { file: execPath, args: [], argv0: 'clp_fsmon' }
  try {
    const started = realpathSync(argv[1] ?? '')
    const ours = /^clp_(?:sambamon|nfsmon|fsmon)(\.ts)?$/.exec(basename(started))
    if (ours === null) return undefined
    const file = join(dirname(started), `clp_fsmon${ours[1] ?? ''}`)
    return existsSync(file) ? { file: execPath, args: [...execArgv, file] } : undefined
  } catch {
    return undefined
  }
}

async function isExecutableOfAll(): Promise<boolean> {
  try {
    // Not in every Node that this may run on.
    const { isSea } = await import('node:sea')
    return isSea()
  } catch {
    return false
  }
}

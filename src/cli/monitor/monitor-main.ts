import { chooseLanguage } from '../language.ts'
import type { Io } from '../io.ts'
import { loadTexts } from '../texts.ts'
import { version } from '../version.ts'
import { monitorRequest } from './monitor-request.ts'
import type { CommandName } from './option-table.ts'

/** Does what a monitor command's words ask for; resolves with the exit status. */
export async function monitorMain(
  command: CommandName,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const request = monitorRequest(command, argv)
  const language = chooseLanguage(request.language, io.env)
  switch (request.want) {
    case 'version':
      io.out(`${command} (clp-fsmon) ${version}\n`)
      return 0
    case 'help': {
      const { helpText } = await import('./help-text.ts')
      io.out(helpText(command, await loadTexts(language)))
      return 0
    }
    default:
      return 5
  }
}

import { optionTable, type CommandName } from './option-table.ts'

const hidden = '***'

/**
 * What the process list shall show of a command line: every word but the password.
 *
 * Node overwrites the memory of its arguments when `process.title` is set, so that `ps` and
 * `/proc/PID/cmdline` show just that.
 */
export function hidePassword(command: CommandName, argv: readonly string[]): string {
  const options = optionTable[command]
  const takesValue = new Set(options.filter((o) => o.rule !== 'flag').map((o) => o.flag))
  const shown: string[] = [command]
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    shown.push(withoutAttached(word))
    if (!takesValue.has(word)) continue
    at += 1
    const value = argv[at]
    if (value !== undefined) shown.push(word === '-p' ? hidden : value)
  }
  return shown.join(' ')
}

/** `-pSECRET` is no option here, but whoever types it means one. */
export function withoutAttached(word: string): string {
  return /^-p./.test(word) && word !== '-pause' ? `-p${hidden}` : word
}

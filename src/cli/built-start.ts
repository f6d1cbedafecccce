import { programLoader, type Load, type OnScript } from './program-loader.ts'

/** By file, the names of the parts in it, which are shorter this way than each with its file. */
declare const CLP_FSMON_PARTS: Readonly<Record<string, string>>

/** Starts a command of the built program, which lies in the directory of this file. */
export function start(
  command: string,
  directory: string,
  require: Load,
  onScript?: OnScript,
): void {
  const fileOf: Record<string, string> = {}
  for (const file in CLP_FSMON_PARTS) {
    for (const name of CLP_FSMON_PARTS[file]?.split(' ') ?? []) fileOf[name] = file
  }
  programLoader({ directory, fileOf }, require, onScript)(`${command}.js`)
}

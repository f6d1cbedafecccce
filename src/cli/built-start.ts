import { programLoader, type Load } from './program-loader.ts'

declare const CLP_FSMON_PARTS: Readonly<Record<string, string>>

/** Starts a command of the built program, which lies in the directory of this file. */
export function start(command: string, directory: string, require: Load): void {
  programLoader({ directory, fileOf: CLP_FSMON_PARTS }, require)(`${command}.js`)
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { runCommand, type RunningCommand } from './command.ts'
import { configured } from './configured.ts'
import { watchedSmb, type WatchedSmb } from './smb-watch.ts'

/** A server that can fall silent, and steps that are scripts of the shell. */
export type RepairScene = {
  smb: WatchedSmb
  /** a file of the scene */
  file: (name: string) => string
  /** the lines that the steps have written into a file */
  lines: (name: string) => string[]
  /** two failures in a row, and it is judged, unless told otherwise */
  start: (id: string, retries?: number) => RunningCommand
  run: (command: string, ...argv: string[]) => ReturnType<typeof runCommand>
  /** what `clp_fsmon repairs --json` shows */
  repairs: () => Promise<Record<string, unknown>>
}

/** Steps by their names, each a script that finds the scene's directory in $here; `head` comes before them. */
export async function repairScene(
  t: Test,
  steps: Readonly<Record<string, string>>,
  head = '',
  more = '',
): Promise<RepairScene> {
  const smb = await watchedSmb(t)
  const root = smb.env.CLP_FSMON_ROOT
  const file = (name: string) => join(root, name)
  const tables = Object.entries(steps).map(([name, script]) => {
    writeFileSync(file(name), `#!/bin/sh\nhere=${root}\n${script}\n`, { mode: 0o755 })
    return `[[repair.step]]\nname = "${name}"\nkind = "samba"\ncauses = ["any"]\ncommand = ["${file(name)}"]\n${more}\n`
  })
  configured(root, `[repair]\nsettle = 0\n${head}\n${tables.join('')}`)
  const run = async (command: string, ...argv: string[]) =>
    runCommand(t, command, argv, { env: smb.env })
  return {
    smb,
    file,
    lines: (name) =>
      existsSync(file(name)) ? readFileSync(file(name), 'utf8').split('\n').slice(0, -1) : [],
    start: (id, retries = 1) => smb.start(id, ['-i', '1', '-c', String(retries), '-r', '1']),
    run,
    repairs: async () => JSON.parse((await run('clp_fsmon', 'repairs', '--json')).out) as never,
  }
}

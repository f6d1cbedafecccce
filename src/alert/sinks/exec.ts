import { randomUUID } from 'node:crypto'
import { alertJson } from '../alert-json.ts'
import { CommandRunner, type Program } from '../command-runner.ts'
import type { Sink } from '../entry.ts'
import { passes, type Filter } from '../filter.ts'
import { visible } from '../lines.ts'

/** A program that gets alerts. */
export type ExecOptions = {
  name: string
  program: Program
  args: readonly string[]
  filter: Filter
}

/** Runs a program for each alert, one at a time: JSON on its standard input, the main points in its environment. */
export function execSink({ name, program, args, filter }: ExecOptions): Sink {
  const runner = new CommandRunner(program)
  return {
    name: `exec ${name}`,
    takes: (entry) => passes(filter, entry),
    deliver: async (entry) => {
      const { time, server, module, id = 0, level, message, monitor = '', target = '' } = entry
      const values = {
        TIME: time.toISOString(),
        SERVER: server,
        MODULE: module,
        ID: String(id),
        LEVEL: level,
        MESSAGE: message,
        WATCH: monitor,
        TARGET: target,
      }
      const env = Object.fromEntries(
        Object.entries(values).map(([key, value]) => [`CLP_ALERT_${key}`, visible(value)]),
      )
      const input = `${alertJson(entry, randomUUID())}\n`
      await runner.run(args, { env, input })
    },
  }
}

import { certificateFile } from './certificate-file.ts'
import {
  checked,
  choice,
  flag,
  fullPath,
  integer,
  list,
  optional,
  tables,
  text,
  unlessWrong,
  webUrl,
  withDefault,
  type ValueOf,
} from './kinds.ts'
import { secretFile } from './secret-file.ts'
import type { Spot } from './spot.ts'
import { table } from './table.ts'

const levels = ['info', 'warn', 'error'] as const

/** A place that there always is: whether it is used, and from which level on. */
const place = () =>
  table({ enabled: withDefault(flag(), true), level: withDefault(choice(levels), 'info') })

const name = () =>
  text({
    form: {
      pattern: /^[a-z0-9][a-z0-9-]{0,31}$/,
      allowed: 'a-z, 0-9, -; 1..32',
    },
  })

/** What every sink that is configured says about the alerts it wants. */
const wanted = () => ({
  enabled: withDefault(flag(), true),
  levels: optional(list(choice(levels), { least: 1, most: 3 })),
  ids: optional(list(integer({ min: 0, max: 999 }), { least: 1 })),
  modules: optional(list(choice(['sambamon', 'nfsmon']), { least: 1, most: 2 })),
})

const webhook = () =>
  checked(
    table({
      name: name(),
      url: webUrl(),
      'secret-file': optional(secretFile()),
      'ca-file': optional(certificateFile()),
      timeout: withDefault(integer({ min: 1, max: 60 }), 10),
      queue: withDefault(integer({ min: 1, max: 100_000 }), 1000),
      'keep-hours': withDefault(integer({ min: 1, max: 8760 }), 72),
      ...wanted(),
    }),
    ({ url, 'ca-file': certificates }, spot) => {
      // A wrong address has been told of.
      if (certificates === undefined || !/^http:/i.test(url)) return
      spot.at('ca-file').report('needs-with', { other: 'url = "https://…"' })
    },
  )

const exec = () =>
  checked(
    table({
      name: name(),
      command: list(text(), { least: 1, most: 100 }),
      timeout: withDefault(integer({ min: 1, max: 300 }), 10),
      ...wanted(),
    }),
    ({ command }, spot) => {
      const [program] = Array.isArray(command) ? command : []
      if (program !== undefined) fullPath().read(program, spot.at('command').at(0))
    },
  )

/** Where alerts go to. */
export const sinkKind = () =>
  table({
    stderr: unlessWrong(place()),
    log: unlessWrong(table({ level: withDefault(choice(levels), 'info') })),
    syslog: unlessWrong(place()),
    clplogcmd: unlessWrong(place()),
    webhook: checked(tables(unlessWrong(webhook())), namesDiffer),
    exec: checked(tables(unlessWrong(exec())), namesDiffer),
  })

/** What the file says of the places that alerts go to. */
export type SinkSettings = ValueOf<ReturnType<typeof sinkKind>>
export type WebhookSettings = NonNullable<SinkSettings['webhook'][number]>
export type ExecSettings = NonNullable<SinkSettings['exec'][number]>

function namesDiffer(sinks: readonly ({ name: string } | undefined)[], spot: Spot): void {
  const seen = new Set<string>()
  for (const [index, sink] of sinks.entries()) {
    if (sink === undefined) continue
    if (seen.has(sink.name)) spot.at(index).at('name').report('doubled', { value: sink.name })
    seen.add(sink.name)
  }
}

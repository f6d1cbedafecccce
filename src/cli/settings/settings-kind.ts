import { fullPath, optional, unlessWrong, type ValueOf } from '../../config/kinds.ts'
import { readToml, type TomlReading } from '../../config/read-toml.ts'
import { sinkKind } from '../../config/sink-kinds.ts'
import { table } from '../../config/table.ts'
import type { CommandName } from '../monitor/option-table.ts'
import { keyOf, optionKinds, optionsWithDefaults, secretKeys } from './option-kinds.ts'
import type { DefaultValue, Defaults, Settings } from './settings.ts'

/** What `clp-fsmon.toml` may hold. */
const settingsKind = () => {
  const samba = optionsWithDefaults('clp_sambamon')
  const nfs = optionsWithDefaults('clp_nfsmon')
  const common = samba.filter(({ name }) => nfs.some((other) => other.name === name))
  return table({
    license: unlessWrong(table({ shared: optional(fullPath()) })),
    defaults: table(
      {
        ...optionKinds(common),
        samba: table(optionKinds(samba), secretKeys),
        nfs: table(optionKinds(nfs), secretKeys),
      },
      secretKeys,
    ),
    sink: sinkKind(),
  })
}

type FileContent = ValueOf<ReturnType<typeof settingsKind>>

/** Reads the file of the configuration; undefined where it is gone by now. */
export async function readSettingsFile(file: string): Promise<Settings | undefined> {
  const reading = await readToml(file, settingsKind())
  if (reading === undefined) return undefined
  const { value, problems } = reading
  return {
    file,
    isThere: true,
    problems,
    shared: value?.license?.shared,
    defaults: {
      clp_sambamon: defaultsOf('clp_sambamon', 'samba', reading),
      clp_nfsmon: defaultsOf('clp_nfsmon', 'nfs', reading),
    },
    sinks: value?.sink,
  }
}

function defaultsOf(
  command: CommandName,
  kind: 'samba' | 'nfs',
  { value, lineOf }: TomlReading<FileContent>,
): Defaults {
  const found: Record<string, DefaultValue> = {}
  const common: Readonly<Record<string, unknown>> = { ...value?.defaults }
  const own: Readonly<Record<string, unknown>> = value?.defaults?.[kind] ?? {}
  for (const spec of optionsWithDefaults(command)) {
    const key = keyOf(spec)
    for (const path of [
      ['defaults', key],
      ['defaults', kind, key],
    ]) {
      const given = path.length === 2 ? common[key] : own[key]
      if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean') {
        found[spec.name] = { value: given, key: path.join('.'), line: lineOf(path) }
      }
    }
  }
  return found
}

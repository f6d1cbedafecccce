import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ConfigProblem } from '../../config/config-error.ts'
import { fullPath, optional, unlessWrong, type ValueOf } from '../../config/kinds.ts'
import { readToml, type TomlReading } from '../../config/read-toml.ts'
import { repairKind } from '../../config/repair-kinds.ts'
import { sinkKind } from '../../config/sink-kinds.ts'
import { table } from '../../config/table.ts'
import { ranking } from '../../diagnosis/ranking.ts'
import { builtInSteps } from '../../repair/built-in-steps.ts'
import type { CommandName } from '../monitor/option-table.ts'
import {
  keyOf,
  keysElsewhere,
  optionKinds,
  optionsWithDefaults,
  secretKeys,
} from './option-kinds.ts'
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
        samba: table(optionKinds(samba), {
          ...secretKeys,
          ...keysElsewhere(nfs, samba, '[defaults.nfs]'),
        }),
        nfs: table(optionKinds(nfs), {
          ...secretKeys,
          ...keysElsewhere(samba, nfs, '[defaults.samba]'),
        }),
      },
      {
        ...secretKeys,
        ...keysElsewhere(samba, common, '[defaults.samba]'),
        ...keysElsewhere(nfs, common, '[defaults.nfs]'),
      },
    ),
    sink: sinkKind(),
    repair: unlessWrong(
      optional(repairKind({ builtIns: Object.keys(builtInSteps), causes: Object.keys(ranking) })),
    ),
  })
}

type FileContent = ValueOf<ReturnType<typeof settingsKind>>

/** Reads the file of the configuration; undefined where it is gone by now. */
export async function readSettingsFile(file: string): Promise<Settings | undefined> {
  const reading = await readToml(file, settingsKind())
  if (reading === undefined) return undefined
  const { value, problems } = reading
  const repair = value?.repair
  const distrusted = repair === undefined ? undefined : distrust(file, reading.lineOf(['repair']))
  return {
    file,
    isThere: true,
    problems: distrusted === undefined ? problems : [...problems, distrusted],
    shared: value?.license?.shared,
    defaults: {
      clp_sambamon: defaultsOf('clp_sambamon', 'samba', reading),
      clp_nfsmon: defaultsOf('clp_nfsmon', 'nfs', reading),
    },
    sinks: value?.sink,
    repair: distrusted === undefined ? repair : undefined,
    lineOf: reading.lineOf,
  }
}

/** What it says is run as root, so nobody else may say it; who may write the directory may put another file there. */
function distrust(file: string, line: number): ConfigProblem | undefined {
  for (const path of [file, dirname(file)]) {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) continue
    const { mode, uid } = stats
    if ((mode & 0o022) === 0 && (uid === 0 || uid === process.geteuid?.())) continue
    const shown = (mode & 0o777).toString(8).padStart(4, '0')
    const values = { path, mode: shown, uid: String(uid) }
    return { file, line, key: 'repair', trouble: 'not-roots-alone', values }
  }
  return undefined
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

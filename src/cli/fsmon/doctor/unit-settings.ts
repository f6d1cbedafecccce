import { settingsOf, type MonitorSettings } from '../../monitor/monitor-request.ts'
import { withDefaults } from '../../monitor/with-defaults.ts'
import type { Defaults } from '../../settings/settings.ts'
import { optionTable, type CommandName } from '../../monitor/option-table.ts'
import { optionValue } from '../../option-value.ts'

/** The options that the settings of a unit are, by their names there. */
const options: readonly (readonly [variable: string, option: string])[] = [
  ['SHARE', 'share'],
  ['DIRECTORY', 'directory'],
  ['ADDRESS', 'address'],
  ['CREDENTIALS', 'credentials'],
  ['PORT', 'nfsPort'],
  ['INTERVAL', 'interval'],
  ['RETRIES', 'retries'],
  ['WAIT', 'wait'],
]

/** What the unit of an instance is started with; throws a ParameterError where that is wrong, undefined where it is no unit of ours. */
export function unitSettings(
  text: string,
  defaults: Readonly<Record<CommandName, Defaults>>,
): MonitorSettings | undefined {
  const variables = variablesOf(text)
  const command = variables.has('SHARE')
    ? 'clp_sambamon'
    : variables.has('DIRECTORY')
      ? 'clp_nfsmon'
      : undefined
  if (command === undefined) return undefined
  const values: Record<string, string | number> = {}
  for (const [variable, name] of options) {
    const value = variables.get(variable) ?? ''
    const spec = optionTable[command].find((one) => one.name === name)
    if (value !== '' && spec !== undefined) values[name] = optionValue(spec.flag, value, spec)
  }
  return settingsOf(command, withDefaults(values, defaults[command]).all)
}

/** The assignments of an environment file, as systemd reads them. */
function variablesOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^\s*([A-Z_]+)=(.*?)\s*$/.exec(line) ?? []
    if (name === '') continue
    found.set(
      name,
      /^'(.*)'$|^"(.*)"$/
        .exec(value)
        ?.slice(1)
        .find((part) => part !== undefined) ?? value,
    )
  }
  return found
}

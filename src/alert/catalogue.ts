import type { Announcement, LogLevel } from './announcement.ts'

/** The commands that give alerts. */
export const commands = ['clp_sambamon', 'clp_nfsmon'] as const
export type Command = (typeof commands)[number]

/** An alert, put into words. */
export type AlertText = { id: number; level: LogLevel; message: string }

/** What the texts leave open. */
type Values = { command: Command; target: string; nn: number; text: string }

type Line = { level: LogLevel; text: (values: Values) => string }

const info = (text: Line['text']): Line => ({ level: 'info', text })
const warn = (text: Line['text']): Line => ({ level: 'warn', text })
const error = (text: Line['text']): Line => ({ level: 'error', text })

/** What is watched, as the texts name it. */
const server = ({ command, target }: Values): string =>
  command === 'clp_sambamon' ? `Samba [${target}]` : `NFS shared directory '${target}'`

/** Texts that are the same but for the command's name. */
const common: Readonly<Record<number, Line>> = {
  6: error(({ command }) => `The ${command} will terminate.`),
  7: info(({ command }) => `The ${command} is going to stop monitoring.`),
  8: info(({ command }) => `The ${command} is going to monitor.`),
  11: error(({ command }) => `Invalid parameter in the ${command}.`),
  13: error(({ command }) => `The monitor id is not specified at the ${command} command.`),
  14: error(() => 'The specified monitor id is already under use in other processes.'),
  15: error(({ command }) => `The ${command} has not performed end processing.`),
  42: error(({ command, text, nn }) => `The ${command} has detected system error (${text} ${nn}).`),
  51: error(({ command }) => `The license of ${command} is not registered.`),
  52: info(({ command, text }) => `Trial Period of ${command} is till ${text}.`),
  53: error(({ text }) => `The license of trial expired by ${text}.`),
  54: error(({ command }) => `Failed to check license of the ${command}.`),
  55: error(({ text }) => `The license of trial is valid from ${text}.`),
  56: error(() => 'The registration license overlaps.'),
  105: error(({ command, text }) => `The ${command} has found a probable cause: ${text}.`),
  61: error(
    ({ command, nn }) =>
      `The ${command} could not get environment of server(error[${nn}]). The ${command} will terminate.`,
  ),
  101: warn(
    (all) =>
      `The ${all.command} has detected a delay in ${server(all)} (${all.nn} ms, slowest in ${all.text}).`,
  ),
  102: info(
    (all) =>
      `The delay that the ${all.command} has detected in ${server(all)} is over (${all.nn} ms).`,
  ),
  103: warn(
    (all) =>
      `The ${all.command} expects ${server(all)} to reach a limit (${all.text}, in ${all.nn} seconds).`,
  ),
  104: info(
    (all) => `The ${all.command} no longer expects ${server(all)} to reach a limit (${all.text}).`,
  ),
  107: warn(({ command, nn }) => `The pause of the ${command} will end in ${nn} seconds.`),
  108: warn(({ command, text }) => `The ${command} has refused to pause (${text}).`),
  110: warn(
    (all) =>
      `The ${all.command} got no answer in time from ${server(all)}, which is at work (${all.nn} bytes).`,
  ),
  130: error(({ text }) => `A monitor has vanished without having ended: ${text}.`),
  131: error(({ text }) => `A monitor does not go on as it should: ${text}.`),
  106: error(({ command, target, text }) =>
    command === 'clp_sambamon'
      ? `The clp_sambamon has tried to repair Samba [${target}] (${text}).`
      : `The clp_nfsmon has tried to repair NFS shared directory '${target}' (${text}).`,
  ),
}

const inSamba = (what: string) =>
  error(({ target }) => `The clp_sambamon has detected an error in Samba [${target}] (${what}).`)

const inSambaWithNumber = (what: string) =>
  error(
    ({ target, nn }) =>
      `The clp_sambamon has detected an error in Samba [${target}] (${what} error[${nn}]).`,
  )

const inNetwork = (what: string) =>
  error(({ nn }) => `The clp_sambamon has detected network error(${what} error[${nn}]).`)

const own: Readonly<Record<Command, Readonly<Record<number, Line>>>> = {
  clp_sambamon: {
    1: info(() => 'The clp_sambamon has started watching Samba.'),
    2: info(({ target }) => `The clp_sambamon is going to watch share resource [${target}].`),
    3: info(({ target }) => `The clp_sambamon will stop watching Samba [${target}].`),
    12: error(() => "'-s' parameter is not specified at the clp_sambamon command."),
    62: inSambaWithNumber('tree connect'),
    63: inSamba('share type error'),
    64: inSambaWithNumber('connect'),
    65: inSambaWithNumber('negotiate'),
    71: inNetwork('socket'),
    72: inNetwork('connect'),
    73: inNetwork('send'),
    74: inNetwork('select'),
    75: inNetwork('recv'),
    109: warn(
      ({ target, nn }) =>
        `The clp_sambamon could not log in to Samba [${target}] (error[${nn}]), which is alive.`,
    ),
    120: info(({ text }) => `A share has appeared: ${text}.`),
    121: error(({ text }) => `A share has vanished: ${text}.`),
    122: info(({ text }) => `A share has changed: ${text}.`),
  },
  clp_nfsmon: {
    0: error(({ text }) => `clp_nfsmon: ${text}`),
    1: info(() => 'The clp_nfsmon has started watching NFS.'),
    2: info(({ target }) => `The clp_nfsmon is going to watch shared directory '${target}'.`),
    3: info(({ target }) => `The clp_nfsmon will stop watching NFS shared directory '${target}'.`),
    12: error(() => "'-d' parameter is not specified at the clp_nfsmon command."),
    66: error(() => 'The clp_nfsmon has detected an error in NFS.'),
    120: info(({ text }) => `An export has appeared: ${text}.`),
    121: error(({ text }) => `An export has vanished: ${text}.`),
    122: info(({ text }) => `An export has changed: ${text}.`),
  },
}

/** The module name that an alert of a command carries. */
export function moduleOf(command: Command): string {
  return command.slice('clp_'.length)
}

/** Puts an announcement into the words of the manual. */
export function compose(command: Command, target: string, announcement: Announcement): AlertText {
  const { id, nn = 0, text = '' } = announcement
  const line = own[command][id] ?? common[id]
  if (line !== undefined) {
    return { id, level: line.level, message: line.text({ command, target, nn, text }) }
  }
  // A system error is what the manual has for a command that has no such alert of its own (71 of NFS).
  return compose(command, target, {
    id: 42,
    nn,
    text: text || (id === 71 ? 'socket' : `alert ${id}`),
  })
}

import type { Announcement } from './announcement.ts'

/** The commands that give alerts. */
export const commands = ['clp_sambamon', 'clp_nfsmon'] as const
export type Command = (typeof commands)[number]

/** An alert, put into words. */
export type AlertText = { id: number; level: 'info' | 'error'; message: string }

/** What the texts leave open. */
type Values = { command: Command; target: string; nn: number; text: string }

type Line = { level: 'info' | 'error'; text: (values: Values) => string }

const info = (text: Line['text']): Line => ({ level: 'info', text })
const error = (text: Line['text']): Line => ({ level: 'error', text })

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
  },
  clp_nfsmon: {
    0: error(({ text }) => `clp_nfsmon: ${text}`),
    1: info(() => 'The clp_nfsmon has started watching NFS.'),
    2: info(({ target }) => `The clp_nfsmon is going to watch shared directory '${target}'.`),
    3: info(({ target }) => `The clp_nfsmon will stop watching NFS shared directory '${target}'.`),
    12: error(() => "'-d' parameter is not specified at the clp_nfsmon command."),
    66: error(() => 'The clp_nfsmon has detected an error in NFS.'),
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

import { readFile } from 'node:fs/promises'
import type { LogLevel } from './announcement.ts'
import type { Command } from './catalogue.ts'

/** What the product has to say about one alert. */
export type Message = {
  commands: Command[]
  level: LogLevel
  /** the text, with `xxx` and `nn` for what it leaves open */
  text: string
  cause: string
  action: string
}

/** The alerts of one language, by their IDs. */
export type Messages = Readonly<Record<string, readonly Message[]>>

/** The languages that causes and actions are written in. */
export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** Reads the messages of one language out of their directory. */
export async function readMessages(directory: URL, language: Language): Promise<Messages> {
  const value: unknown = JSON.parse(await readFile(new URL(`${language}.json`, directory), 'utf8'))
  if (!isMessages(value)) throw new TypeError(`${language}.json has not the form of messages`)
  return value
}

/** What there is to say about an ID; about ID 0, what fits the text best comes first. */
export function explain(messages: Messages, id: number, text = ''): readonly Message[] {
  const found = messages[String(id)] ?? []
  const exact = found.filter((message) => patternOf(message.text).test(text))
  return exact.length > 0 ? exact : found
}

/** Recognises an alert by the text that was given. */
function patternOf(text: string): RegExp {
  const open = text.replace('nn/nn/nn (mm/dd/yyyy)', 'xxx').replaceAll(/\bnn\b/gu, 'xxx')
  const pattern = open.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&').replaceAll(/x{3,}/gu, '.*')
  return new RegExp(`^${pattern}$`, 'su')
}

function isMessages(value: unknown): value is Messages {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((list) => Array.isArray(list) && list.every(isMessage))
  )
}

function isMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const texts = ['level', 'text', 'cause', 'action']
  const fields = new Map<string, unknown>(Object.entries(value))
  return (
    Array.isArray(fields.get('commands')) &&
    texts.every((name) => typeof fields.get(name) === 'string')
  )
}

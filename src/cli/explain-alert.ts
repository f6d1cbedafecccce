import type { Command } from '../alert/catalogue.ts'
import type { Language } from './texts.ts'

/** What an alert means: its text with the open places as the manual writes them, its cause, what to do. */
export type AlertExplanation = {
  commands: readonly string[]
  level: string
  text: string
  cause: string
  action: string
}

type Explanations = Readonly<Record<string, readonly AlertExplanation[]>>

/** Loads what is known about every alert in one language; only what is shown costs memory. */
export async function loadExplanations(language: Language): Promise<Explanations> {
  switch (language) {
    case 'en':
      return (await import('../../messages/en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../messages/ja.json', { with: { type: 'json' } })).default
  }
}

/** Cause and action of an alert that was given: of its ID, and of the text where the ID has several. */
export async function explainAlert(
  command: Command,
  id: number,
  message: string,
  language: Language,
): Promise<{ cause: string; action: string } | undefined> {
  const all = (await loadExplanations(language))[String(id)] ?? []
  return all.find(({ commands, text }) => commands.includes(command) && fits(text, message))
}

/** Whether a message is one of those that a text stands for; `xxx` and `nn` are its open places. */
function fits(text: string, message: string): boolean {
  const parts = text.split(/x{3,}|nn\/nn\/nn \(mm\/dd\/yyyy\)|nn/)
  const pattern = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')
  return new RegExp(`^${pattern}$`, 's').test(message)
}

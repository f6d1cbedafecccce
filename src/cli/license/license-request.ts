import { Command, CommanderError, Option } from 'commander'
import { isoDate, lastDay, parseDay } from '../../license/day.ts'
import type { Terms } from '../../license/key.ts'
import { isSerial } from '../../license/serial.ts'
import { fill } from '../texts.ts'
import { LicenseRefusal } from './license-refusal.ts'
import type { LicenseTexts } from './license-texts.ts'

/** The products that licenses are for. */
export const products = ['FSMON20'] as const

/** What `clplcnsc` is asked to do. */
export type LicenseRequest = { product: string } & (
  | { want: 'help' | 'version' | 'list' | 'community' }
  | { want: 'register'; file: string | undefined }
  | { want: 'delete'; serial: string | undefined }
  | { want: 'issue'; serial: string; terms: Terms }
)

type Options = {
  i?: string | true
  p?: string
  l?: true
  d?: string | true
  issue?: true
  community?: true
  serial?: string
  trial?: true
  from?: string
  until?: string
  lang?: string
  help?: true
  version?: true
}

const actions = ['i', 'l', 'd', 'issue', 'community'] as const

/** Understands the words of `clplcnsc`; what is wrong with them is refused in the given language. */
export function licenseRequest(argv: readonly string[], texts: LicenseTexts): LicenseRequest {
  const words = texts.request
  const options = parse(argv, words)
  const product = options.p ?? products[0]
  const { lang } = options
  if (options.help === true) return { product, want: 'help' }
  if (options.version === true) return { product, want: 'version' }
  if (lang !== undefined && lang !== 'en' && lang !== 'ja') refuse(words.language, { value: lang })
  if (!products.some((known) => known === product)) {
    refuse(words.product, { value: product, allowed: products.join(', ') })
  }
  const [action, other] = actions.filter((name) => options[name] !== undefined)
  if (action === undefined) return refuse(words.none)
  if (other !== undefined) refuse(words.two, { option: dashed(action), other: dashed(other) })
  for (const name of ['serial', 'trial', 'from', 'until'] as const) {
    if (options[name] !== undefined && action !== 'issue') {
      refuse(words.goesWith, { option: dashed(name), other: '--issue' })
    }
  }
  switch (action) {
    case 'i':
      return { product, want: 'register', file: wordOf(options.i) }
    case 'l':
      return { product, want: 'list' }
    case 'community':
      return { product, want: 'community' }
    case 'd': {
      const serial = wordOf(options.d)
      if (serial !== undefined && !isSerial(serial)) refuse(words.serial, { value: serial })
      return { product, want: 'delete', serial }
    }
    case 'issue': {
      const { serial = refuse(words.needs, { option: '--issue', other: '--serial' }) } = options
      if (!isSerial(serial)) refuse(words.serial, { value: serial })
      return { product, want: 'issue', serial, terms: termsOf(options, texts) }
    }
  }
}

function termsOf({ trial, from, until }: Options, { request }: LicenseTexts): Terms {
  const dayOf = (option: string, value: string | undefined): number => {
    if (value === undefined) {
      refuse(request.needs, { option: '--trial', other: option })
    }
    const day = parseDay(value)
    if (day === undefined) {
      refuse(request.day, { option, value, first: isoDate(1), last: isoDate(lastDay) })
    }
    return day
  }
  if (trial === undefined) {
    const option = from === undefined ? (until === undefined ? undefined : '--until') : '--from'
    if (option === undefined) return { division: 'product', from: 0, until: 0 }
    refuse(request.goesWith, { option, other: '--trial' })
  }
  const terms = { from: dayOf('--from', from), until: dayOf('--until', until) }
  if (terms.until < terms.from) refuse(request.order)
  return { division: 'trial', ...terms }
}

function parse(argv: readonly string[], words: LicenseTexts['request']): Options {
  const program = new Command('clplcnsc')
    .argument('[words...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addOption(new Option('-h, --help'))
    .addOption(new Option('-V, --version'))
  const flags = ['-i [FILE]', '-p <PRODUCT>', '-l', '-d [SERIAL]', '--issue', '--community']
  const details = ['--serial <S>', '--trial', '--from <D>', '--until <D>', '--lang <LANG>']
  for (const flag of [...flags, ...details]) program.addOption(new Option(flag))
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const option = /'([^' ]*)/.exec(error.message)?.[1] ?? ''
    const text = error.code === 'commander.unknownOption' ? words.unknown : words.missing
    throw new LicenseRefusal('invalid', fill(text, { option }), error)
  }
  const [surplus] = program.args
  if (surplus !== undefined) {
    refuse(words.surplus, { value: surplus })
  }
  return program.opts<Options>()
}

function wordOf(value: string | true | undefined): string | undefined {
  return value === true ? undefined : value
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}

function refuse(text: string, values: Record<string, string> = {}): never {
  throw new LicenseRefusal('invalid', fill(text, values))
}

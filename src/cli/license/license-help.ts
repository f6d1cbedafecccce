import { fill } from '../texts.ts'
import { products } from './license-request.ts'
import type { LicenseTexts } from './license-texts.ts'

/** Every option of `clplcnsc` as it is typed, with the key of its text. */
export const licenseOptions = [
  { flag: '-i [FILE]', text: 'register' },
  { flag: '-p PRODUCT', text: 'product' },
  { flag: '-l', text: 'list' },
  { flag: '-d [SERIAL]', text: 'delete' },
  { flag: '--issue', text: 'issue' },
  { flag: '--serial SERIAL', text: 'serial' },
  { flag: '--trial', text: 'trial' },
  { flag: '--from DAY', text: 'from' },
  { flag: '--until DAY', text: 'until' },
  { flag: '--community', text: 'community' },
  { flag: '--lang LANG', text: 'lang' },
  { flag: '-h, --help', text: 'help' },
  { flag: '-V, --version', text: 'version' },
] as const

/** Commands that people start with. */
export const licenseExamples = [
  'clplcnsc -i -p FSMON20',
  'clplcnsc -i /root/node1.license -p FSMON20',
  'clplcnsc --issue --serial AB000001 --trial --from 2026-01-01 --until 2026-03-31',
  'clplcnsc --community',
] as const

/** The help of `clplcnsc`. */
export function licenseHelp(issuer: string, texts: LicenseTexts): string {
  const { headings, options } = texts
  const width = Math.max(...licenseOptions.map(({ flag }) => flag.length)) + 2
  const values = { issuer, product: products[0] }
  return [
    texts.about,
    '',
    ...texts.usage.map((form) => `  clplcnsc ${form}`),
    ...section(
      headings.options,
      licenseOptions.map(({ flag, text }) => flag.padEnd(width) + fill(options[text], values)),
    ),
    ...section(headings.file, texts.fileFormat),
    ...section(headings.examples, licenseExamples),
    ...section(headings.environment, texts.environment),
    ...section(headings.ends, texts.ends),
    '',
  ].join('\n')
}

function section(heading: string, lines: readonly string[]): string[] {
  return ['', `${heading}:`, ...lines.map((line) => `  ${line}`)]
}

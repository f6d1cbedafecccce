// Writes the manual pages and the bash completion of the built commands, both from their --help.
//
// usage: manual-pages.mjs MANUAL-DIRECTORY COMPLETION-DIRECTORY YYYY-MM-DD
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const [manuals, completions, day] = process.argv.slice(2)
if (day === undefined) {
  process.stderr.write('manual-pages: takes two directories and a day\n')
  process.exit(2)
}

const commands = [
  { name: 'clp_sambamon', subcommands: [] },
  { name: 'clp_nfsmon', subcommands: [] },
  { name: 'clplcnsc', subcommands: [] },
  { name: 'clp_fsmon', subcommands: subcommandsOf('clp_fsmon') },
]

for (const directory of [manuals, completions]) mkdirSync(directory, { recursive: true })
for (const { name, subcommands } of commands) {
  writeFileSync(join(manuals, `${name}.8`), manualPage(name, subcommands))
  writeFileSync(join(completions, name), completion(name, subcommands))
}

function help(name, ...argv) {
  return execFileSync(process.execPath, [join(root, 'bin', name), ...argv, '--help'], {
    encoding: 'utf8',
    env: { LANG: 'C' },
  })
}

function subcommandsOf(name) {
  const { sections } = parse(help(name))
  const commandLines = sections.find(({ heading }) => heading === 'Commands')?.lines ?? []
  return commandLines.flatMap((line) => /^ {2}(\w+)/.exec(line)?.[1] ?? [])
}

/** Help is a few sentences and forms of use, then headings that end in a colon with lines below. */
function parse(text) {
  const preamble = []
  const sections = []
  for (const line of text.split('\n')) {
    const heading = /^(\S.*):$/.exec(line)?.[1]
    if (heading !== undefined) sections.push({ heading, lines: [] })
    else if (sections.length === 0) preamble.push(line)
    else if (line !== '') sections.at(-1).lines.push(line)
  }
  const usage = preamble.flatMap((line) => /^(?: {2}|Usage: )(\S.*)$/.exec(line)?.[1] ?? [])
  const about =
    preamble.find((line) => /^[^ ].*\.?$/.test(line) && !line.startsWith('Usage:')) ?? ''
  return { about, usage, sections }
}

function manualPage(name, subcommands) {
  const page = parse(help(name))
  const summary = page.about.replace(/\.$/, '')
  const parts = [
    `.TH ${name.toUpperCase()} 8 ${day} "clp\\-fsmon ${version}" "System Administration"`,
    '.SH NAME',
    ...wrapped(`${name} \\- ${escape(summary.charAt(0).toLowerCase() + summary.slice(1))}`),
    '.SH SYNOPSIS',
    '.nf',
    ...page.usage.map(escape),
    '.fi',
    '.SH DESCRIPTION',
    ...wrapped(escape(page.about)),
    ...page.sections.flatMap((section) => sectionText('.SH', section)),
    ...subcommands.flatMap((subcommand) => {
      const sub = parse(help(name, subcommand))
      const about = sub.about.charAt(0).toUpperCase() + sub.about.slice(1)
      return [
        `.SH "${name.toUpperCase()} ${subcommand.toUpperCase()}"`,
        ...sub.usage.flatMap((form) => ['.nf', escape(form), '.fi']),
        '.PP',
        ...wrapped(`${escape(about)}.`),
        ...sub.sections.flatMap((section) => sectionText('.SS', section)),
      ]
    }),
    '.SH FILES',
    ...[
      ['/run/clp\\-fsmon', 'records and control sockets of the monitors'],
      [
        '/var/lib/clp\\-fsmon',
        'licenses; alerts that wait for webhooks, in queue; what servers had,\nin inventory; what was found of monitors, in guard; repairs, in repair',
      ],
      ['/var/log/clp\\-fsmon', 'logs; alert.log has every alert as a line of JSON'],
      ['/etc/clp\\-fsmon/clp\\-fsmon.toml', 'configuration; everything has a default without it'],
    ].flatMap(([path, text]) => ['.TP', `.I ${path}`, text]),
    '.SH SEE ALSO',
    commands
      .map((each) => each.name)
      .filter((each) => each !== name)
      .map((each, at, all) => `.BR ${each} (8)${at < all.length - 1 ? ',' : ''}`)
      .join('\n'),
  ]
  return `${parts.join('\n')}\n`
}

function sectionText(macro, { heading, lines }) {
  const title = macro === '.SH' ? heading.toUpperCase() : heading
  const hasTerms = lines.every((line) => /^ {2}\S.*? {2,}\S|^ {4,}\S/.test(line))
  if (!hasTerms)
    return [`${macro} "${escape(title)}"`, '.nf', ...lines.map((l) => escape(l.trim())), '.fi']
  const body = terms(lines).map(([term, text]) =>
    ['.TP', `.B "${escape(term)}"`, wrapped(escape(text)).join('\n')].join('\n'),
  )
  return [`${macro} "${escape(title)}"`, ...body]
}

/** Lines of a page that are short enough for whoever reads its source. */
function wrapped(text) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + word.length < 78 && !/^[.']/.test(word))
      lines[lines.length - 1] += ` ${word}`
    else lines.push(/^[.']/.test(word) ? `\\&${word}` : word)
  }
  return lines
}

/** Nothing of a text may be taken for a macro, and a hyphen that is typed must stay one. */
function escape(text) {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq')
  const ascii = plain.replaceAll('…', '...').replaceAll('✗', 'x')
  return /^[.']/.test(ascii) ? `\\&${ascii}` : ascii
}

function completion(name, subcommands) {
  const isMonitor = name.endsWith('mon') && name !== 'clp_fsmon'
  const ids = isMonitor || subcommands.includes('status')
  const cases = subcommands.map(
    (subcommand) => `    ${subcommand}) words='${words(help(name, subcommand))}' ;;`,
  )
  return [
    `# bash completion for ${name}`,
    `_${name}() {`,
    '  local current=${COMP_WORDS[COMP_CWORD]} words=',
    '  COMPREPLY=()',
    ...valueCases(name, subcommands),
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    `    *) words='${[...subcommands, words(help(name))].join(' ')}' ;;`,
    '  esac',
    ...(ids
      ? [
          `  if [[ ${isMonitor ? '$COMP_CWORD' : '"$COMP_CWORD ${COMP_WORDS[1]}"'} == ${isMonitor ? '1' : '"2 status"'} && $current != -* ]]; then`,
          '    local record',
          '    for record in "${CLP_FSMON_ROOT-}"/run/clp-fsmon/*.json; do',
          '      [[ -e $record ]] && record=${record##*/} && words+=" ${record%.json}"',
          '    done',
          '  fi',
        ]
      : []),
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
    '  ((${#COMPREPLY[@]} > 0)) || mapfile -t COMPREPLY < <(compgen -f -- "$current")',
    '}',
    `complete -F _${name} ${name}`,
    '',
  ].join('\n')
}

/** What may follow an option or a subcommand, where that is one of a few words. */
function valueCases(name, subcommands) {
  const choices = new Map()
  for (const { lines } of [name, ...subcommands].flatMap((each) =>
    each === name ? parse(help(name)).sections : parse(help(name, each)).sections,
  )) {
    for (const [option, text] of terms(lines)) {
      const known =
        /\(([\w.]+(?:, [\w.]+)+)(?:; [^()]*)?\)$/.exec(text)?.[1] ??
        /: (en, ja) \(/.exec(text)?.[1] ??
        /default and only one: (\w+)/.exec(text)?.[1]
      const flag = /^(--?[\w-]+) /.exec(option)?.[1]
      if (known !== undefined && flag !== undefined) choices.set(flag, known.replaceAll(',', ''))
    }
  }
  if (subcommands.includes('template')) choices.set('template', templateKinds())
  if (subcommands.includes('explain')) choices.set('explain', alertIds())
  if (choices.size === 0) return []
  return [
    '  case ${COMP_WORDS[COMP_CWORD - 1]} in',
    ...[...choices].map(([word, values]) => `    ${word}) words='${values}' ;;`),
    '  esac',
    '  if [[ -n $words && $current != -* ]]; then',
    '    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
    '    return',
    '  fi',
  ]
}

/** The terms of a help with their texts, those of several lines put together. */
function terms(lines) {
  const items = []
  for (const line of lines) {
    const [, term, text] = /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line) ?? []
    if (term !== undefined) items.push([term, text])
    else if (items.length > 0) items.at(-1)[1] += ` ${line.trim()}`
  }
  return items
}

/** The command itself says which templates there are, when it is asked for another. */
function templateKinds() {
  const { stderr } = spawnSync(process.execPath, [join(root, 'bin/clp_fsmon'), 'template', '?'], {
    encoding: 'utf8',
    env: { LANG: 'C' },
  })
  return /: ([a-z, -]+)\.\s*$/.exec(stderr)[1].replaceAll(',', '')
}

function alertIds() {
  return Object.keys(JSON.parse(readFileSync(join(root, 'messages/en.json'), 'utf8'))).join(' ')
}

/** The options that a help shows at the beginning of its lines. */
function words(text) {
  const options = [...text.matchAll(/^ {2}(-\S+?)(?:, (--?\S+))?(?=[ \n])/gm)]
  const all = options.flatMap(([, first, second]) => [first, second])
  return [...new Set(all)].filter((word) => word !== undefined).join(' ')
}

import { Command, Option } from 'commander'
import { visible } from '../../alert/lines.ts'
import type { Cause } from '../../diagnosis/cause.ts'
import type { Sources, Target } from '../../diagnosis/facts.ts'
import { programDirectories } from '../../diagnosis/program-directories.ts'
import { layoutUnder } from '../../registry/layout.ts'
import { Registry } from '../../registry/registry.ts'
import type { Io } from '../io.ts'
import { explainProblem } from '../monitor/explain-problem.ts'
import { optionValue } from '../option-value.ts'
import { ParameterError } from '../parameter-error.ts'
import { fill, type Language, type Texts } from '../texts.ts'
import { diagnosisTarget, hasSamba, type GivenTarget } from '../diagnosis/diagnosis-target.ts'
import { portmapperOf } from '../diagnosis/portmapper-of.ts'
import { causeText, loadDiagnosisTexts, type DiagnosisTexts } from '../diagnosis/diagnosis-texts.ts'

/** The options of `diagnose` as they were given. */
type Given = GivenTarget & { json?: true; limit?: string }

const usualLimitS = '10'

/** The subcommand `diagnose` of `clp_fsmon`; `end` is told its exit status. */
export async function diagnoseCommand(
  language: Language,
  texts: Texts,
  io: Io,
  end: (status: number) => void,
  sources: Sources = { root: '', programs: programDirectories },
): Promise<Command> {
  const words = await loadDiagnosisTexts(language)
  return (
    new Command('diagnose')
      .description(words.about)
      .argument('[ID]', words.id)
      .option('-a <ADDRESS>', words.address)
      .option('-s <SHARE>', words.share)
      .option('-d <DIRECTORY>', words.directory)
      .option('--port <PORT>', words.port)
      .option('--json', words.json)
      .option('--limit <SECONDS>', words.limit)
      // What a monitor knows besides, which starts this by itself.
      .addOption(
        new Option('--portmapper <USE>').hideHelp().choices(['needed', 'perhaps', 'unused']),
      )
      .addOption(new Option('--failure <KIND>').hideHelp())
      .addOption(new Option('--was-here').hideHelp())
      .action(async (id: string | undefined, given: Given) => {
        let target: Target | undefined
        let limitS: number
        try {
          limitS = Number(
            optionValue('--limit', given.limit ?? usualLimitS, {
              rule: 'decimal',
              min: 0.1,
              max: 600,
            }),
          )
          const found = await targetOf(id, given, io, sources)
          if (found === 'unknown') {
            io.err(`clp_fsmon: ${fill(words.unknownId, { id: id ?? '' })}\n`)
            end(3)
            return
          }
          target = found
        } catch (error) {
          if (!(error instanceof ParameterError)) throw error
          io.err(`clp_fsmon: ${explainProblem(error, texts)}\n`)
          end(2)
          return
        }
        if (target === undefined) {
          io.err(`clp_fsmon: ${words.what}\n`)
          end(2)
          return
        }
        if (io.uid !== 0) io.err(`clp_fsmon: ${words.notRoot}\n`)
        await run({ target, limitS, isJson: given.json === true, words, io, sources })
        end(0)
      })
  )
}

async function targetOf(
  id: string | undefined,
  given: Given,
  io: Io,
  { root }: Sources,
): Promise<Target | 'unknown' | undefined> {
  if (id === undefined) return diagnosisTarget(given, hasSamba(root))
  if (given.a !== undefined || given.s !== undefined || given.d !== undefined) {
    throw new ParameterError(11, 'not-together', { option: '-a', other: 'ID' })
  }
  const registry = new Registry(layoutUnder(io.env.CLP_FSMON_ROOT ?? '/').run)
  const entry = await registry.read(id)
  if (!('record' in entry)) return 'unknown'
  const { options, diagnosis } = entry.record
  const { address, share, directory } = options
  const port = options['port'] ?? options['nfsPort']
  const asked = {
    a: String(address),
    ...(share === undefined ? { d: String(directory) } : { s: String(share) }),
    ...(port !== undefined && { port: String(port) }),
    portmapper: portmapperOf(options),
    ...(diagnosis?.wasHere === true && ({ wasHere: true } as const)),
  }
  return diagnosisTarget(asked, false)
}

type Run = {
  target: Target
  limitS: number
  isJson: boolean
  words: DiagnosisTexts
  io: Io
  sources: Sources
}

async function run({ target, limitS, isJson, words, io, sources }: Run): Promise<void> {
  const signal = AbortSignal.timeout(limitS * 1000)
  const late = new Promise<'late'>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve('late')
    })
  })
  const shown = (causes: readonly Cause[]) =>
    causes.map(({ key, values, evidence }) => ({
      key,
      text: visible(causeText({ key, values }, words)),
      values,
      evidence: evidence.map(visible),
    }))
  // Loaded only here: the other subcommands need none of it.
  const { diagnose } = await import('../../diagnosis/diagnose.ts')
  const steps = diagnose(target, signal, sources)
  let causes: Cause[] = []
  let isLate = false
  for (;;) {
    const next = await Promise.race([steps.next(), late])
    isLate = next === 'late'
    if (next === 'late' || next.done === true) break
    ;({ causes } = next.value)
    const { step, ms } = next.value
    if (isJson) io.out(`${JSON.stringify({ step, ms, causes: shown(causes) })}\n`)
  }
  if (isJson) {
    io.out(`${JSON.stringify({ done: true, late: isLate, causes: shown(causes) })}\n`)
    return
  }
  // Without a share or a directory it is the service itself.
  const service = { samba: 'Samba', nfs: 'NFS' }[target.kind]
  const names = { target: target.resource ?? service, address: target.address }
  io.out(`${visible(fill(causes.length === 0 ? words.nothing : words.found, names))}\n`)
  for (const [at, { key, text, evidence }] of shown(causes).entries()) {
    io.out(`${at + 1}. ${text} (${key})\n`)
    for (const line of evidence) io.out(`     ${line}\n`)
  }
  if (isLate) io.err(`clp_fsmon: ${fill(words.late, { seconds: limitS })}\n`)
}

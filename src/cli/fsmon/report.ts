import { Command } from 'commander'
import { join } from 'node:path'
import { layoutUnder } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import { listLicenses } from '../license/list.ts'
import { licensePlaces } from '../license/license-places.ts'
import { LicenseRefusal } from '../license/license-refusal.ts'
import { loadLicenseTexts } from '../license/license-texts.ts'
import { fill, type Language } from '../texts.ts'
import { version } from '../version.ts'
import { collectors } from './report/collectors.ts'
import { runScript } from './report/run-script.ts'
import { writeReport, type ReportPart } from './report/write-report.ts'
import { loadReportTexts } from './report/report-texts.ts'

/** How long one collector may take. */
const limitMs = 10_000

/** The subcommand `report` of `clp_fsmon`; `end` is told its exit status. */
export async function reportCommand(
  language: Language,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const words = await loadReportTexts(language)
  return new Command('report')
    .description(words.about)
    .option('-o <FILE>', words.file)
    .action(async ({ o }: { o?: string }) => {
      const now = new Date()
      const root = io.env.CLP_FSMON_ROOT
      if (io.uid !== 0 && root === undefined) {
        io.err(`clp_fsmon: ${words.notRoot}\n`)
        end(4)
        return
      }
      const stamp = now.toISOString().replace(/\..*|[-:]/g, '')
      const path = o ?? join(here(), `clp-fsmon-report-${io.hostName()}-${stamp}.tar.gz`)
      const heading = `clp-fsmon ${version}, Node ${process.version}, ${io.hostName()}, ${now.toISOString()}`
      try {
        const index = await writeReport(path, parts(io, root, now), { heading, now, limitMs })
        io.out(`${index}\n${fill(words.written, { file: path })}\n`)
        end(0)
      } catch (error) {
        const reason =
          error instanceof Error && 'code' in error ? String(error.code) : String(error)
        io.err(`clp_fsmon: ${fill(words.notWritten, { file: path, reason })}\n`)
        end(5)
      }
    })
}

/** The working directory; it may be gone, which then shows when the report cannot be written. */
function here(): string {
  try {
    return process.cwd()
  } catch {
    return '.'
  }
}

function parts(io: Io, root: string | undefined, now: Date): ReportPart[] {
  const collected = collectors(layoutUnder(root ?? '/')).map(
    ({ file, about, script, args }): ReportPart => ({
      file,
      about,
      collect: async (signal) => runScript(script, args, signal),
    }),
  )
  const license: ReportPart = {
    file: 'license.txt',
    about: 'licenses of this server, without their keys',
    collect: async () => ({ output: await licenseText(io, root, now), outcome: 'ok' }),
  }
  return [...collected, license]
}

async function licenseText(io: Io, root: string | undefined, now: Date): Promise<string> {
  let text = ''
  const out = (more: string): void => {
    text += more
  }
  const texts = await loadLicenseTexts('en')
  try {
    const places = licensePlaces(root)
    await listLicenses({ product: 'FSMON20', places, texts, io: { ...io, out }, now })
  } catch (error) {
    if (!(error instanceof LicenseRefusal)) throw error
    text += `${error.message}\n`
  }
  return text
}

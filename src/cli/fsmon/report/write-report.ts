import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { maskSecrets } from './mask-secrets.ts'
import { encodeTar, type ArchiveFile } from './tar.ts'

/** One file of a report: what is in it, and where it comes from. */
export type ReportPart = {
  file: string
  about: string
  collect: (signal: AbortSignal) => Promise<{ output: string; outcome: string }>
}

/** Collects all parts and writes them as one archive that only its owner can read. */
export async function writeReport(
  path: string,
  parts: readonly ReportPart[],
  { heading, now, limitMs }: { heading: string; now: Date; limitMs: number },
): Promise<string> {
  const folder = 'clp-fsmon-report'
  const files: ArchiveFile[] = []
  const index = [heading, '']
  const width = Math.max(...parts.map(({ file }) => file.length))
  for (const { file, about, collect } of parts) {
    const started = performance.now()
    const { output, outcome } = await attempt(collect, limitMs)
    const ms = Math.round(performance.now() - started)
    files.push({ name: `${folder}/${file}`, content: Buffer.from(maskSecrets(output)) })
    index.push(`${file.padEnd(width)}  ${about} (${outcome}, ${ms} ms)`)
  }
  const text = `${index.join('\n')}\n`
  files.unshift({ name: `${folder}/index.txt`, content: Buffer.from(text) })
  writeFileSync(path, gzipSync(encodeTar(files, now)), { flag: 'wx', mode: 0o600 })
  return text
}

async function attempt(
  collect: ReportPart['collect'],
  limitMs: number,
): Promise<{ output: string; outcome: string }> {
  try {
    return await collect(AbortSignal.timeout(limitMs))
  } catch (error) {
    return { output: '', outcome: `failed: ${String(error)}` }
  }
}

import { readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Finding } from '../../../doctor/finding.ts'
import { CredentialsError, readCredentialsFile } from '../../monitor/credentials-file.ts'
import { explainProblem } from '../../monitor/explain-problem.ts'
import type { Texts } from '../../texts.ts'
import type { ConfiguredWatch } from './configured-watches.ts'

/** Whether every login can be read, and by nobody else; nothing of what is in it is told. */
export function lookAtCredentials(
  watches: readonly ConfiguredWatch[],
  etc: string,
  uid: number,
  texts: Texts,
): Finding[] {
  const files = new Set(
    watches.flatMap(({ credentialsFile: file }) =>
      file !== undefined && isAbsolute(file) ? file : [],
    ),
  )
  for (const name of namesIn(etc)) if (name.endsWith('.cred')) files.add(join(etc, name))
  if (files.size === 0) return [{ grade: 'ok', what: 'none' }]
  return [...files].map((file): Finding => {
    try {
      readCredentialsFile(file, uid)
      return { grade: 'ok', what: 'well', values: { file } }
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error
      const values = { file, problem: explainProblem(error, texts) }
      return { grade: 'failure', what: error.trouble, values }
    }
  })
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return []
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

/** What the packages install for logrotate. */
export const logrotateText = `/var/log/clp-fsmon/*.log {
	weekly
	rotate 12
	missingok
	notifempty
	compress
	# A monitor notices the new file with its next line.
	delaycompress
	nocreate
}
`

/** What is known of the rotation of our logs. */
export type LogrotateFacts = {
  hasProgram: boolean
  /** the file that names our logs */
  file: string | undefined
  /** where one is to be put */
  directory: string
  hasDirectory: boolean
  /** how a package is installed here */
  install: string
}

/** Whether the logs are kept from growing for ever. */
export function judgeLogrotate(facts: LogrotateFacts): Finding[] {
  const target = join(facts.directory, 'clusterpro-fsmon')
  const found: Finding[] = []
  if (!facts.hasProgram) {
    const { install } = facts
    found.push({ grade: 'warning', what: 'noProgram', values: { install } })
  }
  if (facts.file === undefined) {
    const mend = async (): Promise<void> => {
      await writeFile(target, logrotateText, { mode: 0o644, flag: 'wx' })
    }
    const values = { file: target }
    found.push({
      grade: 'warning',
      what: 'notConfigured',
      values,
      ...(facts.hasDirectory && { mend }),
    })
  }
  const { file = '' } = facts
  return found.length > 0 ? found : [{ grade: 'ok', what: 'configured', values: { file } }]
}

/** The file of a directory that rotates what lies in another one, and whether there is the first at all. */
export function rotationOf(
  directory: string,
  log: string,
): Pick<LogrotateFacts, 'file' | 'hasDirectory' | 'directory'> {
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch {
    return { directory, hasDirectory: false, file: undefined }
  }
  const file = names.map((name) => join(directory, name)).find((path) => isAbout(path, log))
  return { directory, hasDirectory: true, file }
}

function isAbout(path: string, log: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(`${log}/`)
  } catch {
    return false
  }
}

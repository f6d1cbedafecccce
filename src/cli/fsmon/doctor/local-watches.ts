import { readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { AdmissionFacts, LocalWatch } from '../../../doctor/admission-step.ts'
import type { RunProgram } from '../../../doctor/program-output.ts'
import type { ConfiguredWatch } from './configured-watches.ts'

/** The address that a watch asks; empty where that is one of our own. */
export function addressOf({ settings, running }: ConfiguredWatch): string {
  return settings?.address ?? running?.server ?? ''
}

/** The watches of servers on this very host. */
export function localWatches(
  watches: readonly ConfiguredWatch[],
  own: ReadonlySet<string> = ownAddresses(),
): LocalWatch[] {
  return watches.flatMap((watch): LocalWatch[] => {
    const { id, settings, running } = watch
    const address = addressOf(watch)
    if (address !== '' && !own.has(address) && !address.startsWith('127.')) return []
    const command = settings?.command ?? running?.command
    const target = running?.target ?? targetOf(settings)
    if (target === '') return []
    return [
      command === 'clp_nfsmon'
        ? { id, kind: 'nfs', directory: target }
        : { id, kind: 'samba', share: target },
    ]
  })
}

function targetOf(settings: ConfiguredWatch['settings']): string {
  if (settings === undefined) return ''
  return settings.command === 'clp_sambamon' ? settings.share : settings.directory
}

function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return new Set(['localhost', '::1', ...all.map(({ address }) => address)])
}

/** What the servers of this host offer, by their own configurations. */
export async function admissionFacts(
  root: string,
  run: RunProgram,
  signal: AbortSignal,
): Promise<AdmissionFacts> {
  const { status, out, err } = await run('testparm', ['-s', '--suppress-prompt'], signal)
  const reason = err.trim().split('\n').at(-1) ?? ''
  return {
    // Without a status it is not installed.
    samba:
      status === undefined ? undefined : { text: out, ...(status !== 0 && { problem: reason }) },
    ...exportsOf(root),
  }
}

/** The exports of the kernel's server and of Ganesha, as exports(5) would write them. */
function exportsOf(root: string): Pick<AdmissionFacts, 'exports' | 'hasGanesha'> {
  const parts = join(root, 'etc/exports.d')
  const files = [
    join(root, 'etc/exports'),
    ...namesIn(parts)
      .filter((name) => name.endsWith('.exports'))
      .map((name) => join(parts, name)),
  ]
  const texts = files.flatMap((file) => textOf(file) ?? [])
  const ganesha = textOf(join(root, 'etc/ganesha/ganesha.conf'))
  if (ganesha !== undefined) texts.push(ganeshaPaths(ganesha))
  const hasGanesha = ganesha !== undefined
  return { exports: texts.length === 0 ? undefined : texts.join('\n'), hasGanesha }
}

/** The paths of a file in which a block may stand on one line, and a path between quotation marks. */
function ganeshaPaths(text: string): string {
  const settings = text
    .replaceAll(/^\s*#.*$/gm, '')
    .matchAll(/(?<![\w.])(?:Path|Pseudo)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^;\s}]+))/gi)
  return [...settings]
    .map(([, double, single, bare]) => `"${double ?? single ?? bare ?? ''}"`)
    .join('\n')
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return []
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

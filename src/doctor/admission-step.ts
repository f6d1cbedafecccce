import type { Finding } from './finding.ts'

/** What a server on this host offers, as its configuration has it; undefined: it has none here. */
export type AdmissionFacts = {
  samba: { text: string; problem?: string } | undefined
  exports: string | undefined
  /** whether NFS-Ganesha is the one that is configured, or among them */
  hasGanesha?: boolean
}

/** A watch of a server on this host. */
export type LocalWatch = { id: string } & (
  { kind: 'samba'; share: string } | { kind: 'nfs'; directory: string }
)

/** Whether the configuration of a server on this host has what is watched of it; whether it admits us is shown by a check. */
export function judgeAdmission(
  watch: LocalWatch,
  { samba, exports, hasGanesha = false }: AdmissionFacts,
): Finding {
  const { id } = watch
  if (watch.kind === 'samba') {
    const { share } = watch
    if (samba === undefined) return { grade: 'note', what: 'noSamba', values: { id, share } }
    if (samba.problem !== undefined) {
      return { grade: 'failure', what: 'badSmbConf', values: { reason: samba.problem } }
    }
    const section = sectionOf(samba.text, share)
    // Shares of users, and of files that are chosen by the client's name, stand elsewhere: the check decides.
    if (section === undefined) return { grade: 'warning', what: 'noShare', values: { id, share } }
    const isOff = /^\s*available\s*=\s*(no|false|0)\s*$/im.test(section)
    return {
      grade: isOff ? 'failure' : 'ok',
      what: isOff ? 'shareOff' : 'share',
      values: { id, share },
    }
  }
  const { directory } = watch
  if (exports === undefined) return { grade: 'note', what: 'noExports', values: { id, directory } }
  const isThere = exportedIn(exports).some(
    (path) => path === directory || directory.startsWith(path.endsWith('/') ? path : `${path}/`),
  )
  return {
    grade: isThere ? 'ok' : 'warning',
    what: isThere ? 'export' : hasGanesha ? 'noGaneshaExport' : 'noExport',
    values: { id, directory },
  }
}

/** The lines of a share, as testparm writes them. */
function sectionOf(text: string, share: string): string | undefined {
  const sections = text.split(/^\[/m).slice(1)
  const named = (name: string) =>
    sections.find((section) => section.toLowerCase().startsWith(`${name.toLowerCase()}]`))
  return named(share) ?? named('homes') ?? named('printers')
}

/** The directories that exports(5) names. */
function exportedIn(text: string): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => {
      const [, quoted, bare] = /^\s*(?:"([^"]+)"|([^\s#"]+))/.exec(line) ?? []
      const path = quoted ?? bare
      return path?.startsWith('/') ? [path.replace(/(?<=.)\/+$/, '')] : []
    })
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Target } from '../../diagnosis/facts.ts'
import { optionValue } from '../option-value.ts'
import { ParameterError } from '../parameter-error.ts'

/** What is to be diagnosed, as it was typed. */
export type GivenTarget = {
  a?: string
  s?: string
  d?: string
  port?: string
  portmapper?: string
  failure?: string
  wasHere?: true
}

const text = { rule: 'text' } as const

/** The target that these options name; undefined where there are too few. Without a share or a directory it is Samba's, where that is here. */
export function diagnosisTarget(given: GivenTarget, isSambaHere: boolean): Target | undefined {
  const { a, s, d, port, failure } = given
  if (a === undefined) return undefined
  if (s !== undefined && d !== undefined) {
    throw new ParameterError(11, 'not-together', { option: '-s', other: '-d' })
  }
  const kind = s !== undefined || (d === undefined && isSambaHere) ? 'samba' : 'nfs'
  const resource = s === undefined ? d : s
  const name = s === undefined ? '-d' : '-s'
  const portmapper = kind === 'samba' ? 'unused' : given.portmapper
  return {
    kind,
    address: String(optionValue('-a', a, text)),
    port:
      port === undefined
        ? { samba: 445, nfs: 2049 }[kind]
        : Number(optionValue('--port', port, { rule: 'integer', min: 1, max: 65535 })),
    portmapper: portmapper === 'needed' || portmapper === 'unused' ? portmapper : 'perhaps',
    ...(resource !== undefined && { resource: String(optionValue(name, resource, text)) }),
    ...(failure !== undefined && { failure }),
    ...(given.wasHere === true && { wasHere: true }),
  }
}

/** Whether Samba is set up on this host. */
export function hasSamba(root: string): boolean {
  return existsSync(join(root, '/etc/samba/smb.conf'))
}

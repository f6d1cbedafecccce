import { join } from 'node:path'
import { layoutUnder } from '../../registry/layout.ts'
import { machineIdFiles } from '../../license/machine.ts'

/** Where everything about licenses lies. */
export type LicensePlaces = {
  /** the store */
  lib: string
  /** the configuration and the issuer's secret */
  etc: string
  machineIdFiles: readonly string[]
}

/** The places of the system, or of a trial below a directory of its own. */
export function licensePlaces(root: string | undefined): LicensePlaces {
  const { lib, etc } = layoutUnder(root ?? '/')
  const own = root === undefined ? [] : [join(root, 'etc/machine-id')]
  return { lib, etc, machineIdFiles: [...own, ...machineIdFiles] }
}

/** The file that holds the issuer's secret. */
export function issuerFile({ etc }: LicensePlaces): string {
  return join(etc, 'issuer.key')
}

import { join } from 'node:path'

/** The directories that the product uses. */
export type Layout = {
  /** records and control sockets */
  run: string
  /** license */
  lib: string
  log: string
  /** configuration */
  etc: string
}

/** The directories, below the root of the file system or of a trial. */
export function layoutUnder(root: string): Layout {
  return {
    run: join(root, 'run/clp-fsmon'),
    lib: join(root, 'var/lib/clp-fsmon'),
    log: join(root, 'var/log/clp-fsmon'),
    etc: join(root, 'etc/clp-fsmon'),
  }
}

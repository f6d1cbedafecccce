import { fsstat } from '../rpc/nfs3/fsstat.ts'
import { putFh } from '../rpc/nfs4/file-handle.ts'
import { getSpace } from '../rpc/nfs4/get-space.ts'
import type { NameSources } from '../wire/resolve.ts'
import type { NfsTarget } from './nfs-check.ts'
import { nfsProbe } from './nfs.ts'
import { measureBy, type MeasureSpace } from './space.ts'

/** Asks how much space is left on an export, over connections of its own. */
export function nfsSpace(target: NfsTarget, names?: NameSources): MeasureSpace {
  return measureBy((found) =>
    nfsProbe({ ...target, depth: 'share' }, names, {
      v3: async (ask, root) => {
        found(await ask(fsstat, root))
      },
      v4: async (caller, root) => {
        const [, space] = await caller.compound([putFh(root), getSpace])
        found(space)
      },
    }),
  )
}

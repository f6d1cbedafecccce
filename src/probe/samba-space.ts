import { shareSize } from '../smb/share-size.ts'
import type { NameSources } from '../wire/resolve.ts'
import { sambaProbe, type SambaTarget } from './samba.ts'
import { measureBy, type MeasureSpace } from './space.ts'

/** Asks how much space is left on a share, over a connection of its own. */
export function sambaSpace(target: SambaTarget, names?: NameSources): MeasureSpace {
  return measureBy((found) =>
    sambaProbe({ ...target, depth: 'share' }, names, async (connection, treeId) => {
      found(await shareSize(connection, treeId))
    }),
  )
}

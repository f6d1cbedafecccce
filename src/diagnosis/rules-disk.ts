import type { Cause } from './cause.ts'
import type { Directory, Facts } from './facts.ts'
import { cause } from './make-cause.ts'
import { mayBeRefused } from './may-be-refused.ts'

/** What has been full for good (an image) is no fault. */
const neverWritten: ReadonlySet<string> = new Set(['squashfs', 'iso9660', 'erofs', 'udf', 'cramfs'])

const leastBytes = 1024 * 1024

/** What is wrong with the file systems that the server needs. */
export function disks({ directories = [], target }: Facts): Cause[] {
  return directories.flatMap((directory): Cause[] => {
    const { path, what, isWritable, status, mount, isSuspended } = directory
    const where = { path, mount: mount?.point ?? path }
    const on = mountLine(directory)
    if (status.kind === 'stalled') {
      return [
        cause('disk-stalled', where, [
          `statfs of ${path} did not return in ${status.afterMs} ms`,
          ...on,
        ]),
      ]
    }
    if (isSuspended === true) {
      return [cause('disk-stalled', where, ['its device mapper device is suspended', ...on])]
    }
    if (status.kind === 'missing') {
      return what === 'data' && mayBeRefused(target)
        ? [cause('path-missing', where, [`there is no directory ${path}`])]
        : []
    }
    const found: Cause[] = []
    // One that is put together of what is never written has been so from the beginning.
    const isRemounted =
      mount?.isSuperReadOnly === true && !mount.isReadOnly && mount.type !== 'overlay'
    const isReadOnly = mount?.isSuperReadOnly === true || mount?.isReadOnly === true
    const isImage = neverWritten.has(mount?.type ?? '')
    if (isRemounted && !isImage) {
      found.push(
        cause('disk-read-only', where, ['the kernel has made the file system read-only', ...on]),
      )
    } else if (isReadOnly && isWritable && !isImage) {
      found.push(
        cause('disk-read-only', where, ['mounted read-only, though clients may write', ...on]),
      )
    }
    if (status.kind !== 'there' || isImage || isReadOnly) return found
    const { total, available, files: most, freeFiles } = status.space
    if (total > 0 && available < Math.min(leastBytes, total / 100)) {
      found.push(
        cause('disk-full', where, [`${available} of ${total} bytes are free for users`, ...on]),
      )
    }
    if (most > 0 && freeFiles === 0) {
      found.push(cause('inodes-gone', where, [`0 of ${most} inodes are free`, ...on]))
    }
    return found
  })
}

function mountLine({ mount }: Directory): string[] {
  return mount === undefined ? [] : [`${mount.point}: ${mount.type} on ${mount.device}`]
}

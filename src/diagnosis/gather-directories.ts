import { join } from 'node:path'
import type { Directory, Mount, Sources } from './facts.ts'
import { readText } from './read-text.ts'
import { programIn, runProgram } from './run-program.ts'

/** A directory that is to be looked at. */
export type Wanted = Pick<Directory, 'path' | 'what' | 'isWritable'>

/** Reads mountinfo(5). */
export function mounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line): Mount[] => {
    const [before = '', after] = line.split(' - ')
    const [, , number, , point, options] = before.split(' ')
    if (after === undefined || number === undefined || point === undefined) return []
    const [type = '', device = '', superOptions = ''] = after.split(' ')
    return [
      {
        // A blank is written as \040.
        point: point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
          String.fromCodePoint(Number.parseInt(octal, 8)),
        ),
        type,
        device,
        number,
        isReadOnly: /(^|,)ro(,|$)/.test(options ?? ''),
        isSuperReadOnly: /(^|,)ro(,|$)/.test(superOptions),
      },
    ]
  })
}

/** What a path is on: the mount with the longest name, and of several at the same place the last one. */
export function mountOf(path: string, all: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined
  for (const mount of all) {
    const isAbove =
      mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`)
    if (isAbove && mount.point.length >= (found?.point.length ?? 0)) found = mount
  }
  return found
}

/**
 * Looks at directories, each by a process of its own: one that asks a disk that has gone cannot be called
 * back, and must hold nobody else.
 */
export async function lookAtDirectories(
  { root, programs }: Sources,
  wanted: readonly Wanted[],
  limitMs: number,
): Promise<Directory[]> {
  const all = mounts(readText(join(root, '/proc/self/mountinfo')))
  return Promise.all(
    wanted.map(async (each): Promise<Directory> => {
      const mount = mountOf(each.path, all)
      const suspended = readText(join(root, '/sys/dev/block', mount?.number ?? '-', 'dm/suspended'))
      return {
        ...each,
        ...(mount !== undefined && { mount }),
        isSuspended: suspended.trim() === '1',
        status: await statusOf(join(root, each.path), programs, limitMs),
      }
    }),
  )
}

/** Block size, blocks, blocks free for users, files, free files. */
const format = '%S %b %a %c %d'

async function statusOf(
  path: string,
  programs: readonly string[],
  limitMs: number,
): Promise<Directory['status']> {
  const stat = programIn(programs, 'stat')
  if (stat === undefined) return { kind: 'unknown' }
  const { status, out, err, late } = await runProgram(stat, ['-f', '-c', format, path], limitMs)
  if (late) return { kind: 'stalled', afterMs: limitMs }
  if (/no such file or directory|not a directory/i.test(err)) return { kind: 'missing' }
  const numbers = out.trim().split(' ').map(Number)
  const [size, blocks, available, files, freeFiles] = numbers
  if (status !== 0 || freeFiles === undefined || numbers.some(Number.isNaN)) {
    return { kind: 'unknown' }
  }
  const bytes = size ?? 0
  return {
    kind: 'there',
    space: {
      total: bytes * (blocks ?? 0),
      available: bytes * (available ?? 0),
      files: files ?? 0,
      freeFiles,
    },
  }
}

import t from 'tap'
import type { Directory, Facts, Space } from '../../src/diagnosis/facts.ts'
import { disks } from '../../src/diagnosis/rules-disk.ts'
import { keysOf, sambaFacts } from '../helpers/diagnosis.ts'

const there = {
  kind: 'there',
  space: { total: 1e9, available: 5e8, files: 1000, freeFiles: 500 },
} as const
const mount = {
  point: '/export',
  type: 'ext4',
  device: '/dev/sdb1',
  number: '8:17',
  isReadOnly: false,
  isSuperReadOnly: false,
}

function directory(more: Partial<Directory> = {}): Partial<Facts> {
  return {
    directories: [
      { path: '/export/pub', what: 'data', isWritable: true, status: there, mount, ...more },
    ],
  }
}

function space(more: Partial<Space>): Partial<Facts> {
  return directory({ status: { kind: 'there', space: { ...there.space, ...more } } })
}

const blocked = {
  pid: 1,
  tid: 2,
  name: 'smbd',
  program: 'smbd',
  wchan: '',
  forMs: 3000,
} as const

const cases: [what: string, facts: Facts, keys: string[]][] = [
  [
    'a disk that hangs',
    sambaFacts({
      ...directory({ status: { kind: 'stalled', afterMs: 2000 } }),
      blocked: [blocked],
    }),
    ['disk-stalled', 'process-blocked'],
  ],
  ['a suspended disk', sambaFacts(directory({ isSuspended: true })), ['disk-stalled']],
  ['no such directory', sambaFacts(directory({ status: { kind: 'missing' } })), ['path-missing']],
  [
    'a directory of the server’s own that is not made yet',
    sambaFacts(directory({ what: 'state', status: { kind: 'missing' } })),
    [],
  ],
  ['a directory nobody knows of', sambaFacts(directory({ status: { kind: 'unknown' } })), []],
  ['a full disk', sambaFacts(space({ available: 0 })), ['disk-full']],
  ['a disk that is all but full', sambaFacts(space({ available: 2e6 })), []],
  ['no more inodes', sambaFacts(space({ freeFiles: 0 })), ['inodes-gone']],
  ['a file system without inodes', sambaFacts(space({ files: 0, freeFiles: 0 })), []],
  [
    'remounted by the kernel',
    sambaFacts(directory({ isWritable: false, mount: { ...mount, isSuperReadOnly: true } })),
    ['disk-read-only'],
  ],
  [
    'put together of what is never written',
    sambaFacts(
      directory({
        isWritable: false,
        mount: { ...mount, type: 'overlay', isSuperReadOnly: true },
      }),
    ),
    [],
  ],
  [
    'read-only, though written to',
    sambaFacts(directory({ mount: { ...mount, isReadOnly: true, isSuperReadOnly: true } })),
    ['disk-read-only'],
  ],
  [
    'read-only on purpose',
    sambaFacts(
      directory({
        isWritable: false,
        mount: { ...mount, isReadOnly: true, isSuperReadOnly: true },
      }),
    ),
    [],
  ],
  [
    'an image, which is always full',
    sambaFacts({
      directories: [
        {
          path: '/cd',
          what: 'data',
          isWritable: true,
          status: { kind: 'there', space: { ...there.space, available: 0 } },
          mount: { ...mount, type: 'iso9660', isReadOnly: true, isSuperReadOnly: true },
        },
      ],
    }),
    [],
  ],
  [
    'a mount that nobody knows of',
    sambaFacts({
      directories: [
        {
          path: '/x',
          what: 'data',
          isWritable: true,
          status: { kind: 'there', space: { ...there.space, available: 0 } },
        },
      ],
    }),
    ['disk-full'],
  ],
]
for (const [what, facts, keys] of cases) {
  t.test(what, async (t) => {
    t.strictSame(keysOf(facts), keys)
    for (const { evidence } of disks(facts)) t.ok(evidence.length > 0)
  })
}

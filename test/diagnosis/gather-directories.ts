import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lookAtDirectories, mountOf, mounts } from '../../src/diagnosis/gather-directories.ts'
import { programDirectories } from '../../src/diagnosis/program-directories.ts'

const mountinfo = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 22 8:17 / /export rw,relatime shared:1 - ext4 /dev/sdb1 ro,errors=remount-ro
31 30 8:33 / /export/my\\040data ro,relatime - xfs /dev/sdc1 ro
32 22 0:50 / /export rw - tmpfs tmpfs rw
nonsense
`

t.test('mounts are read as the kernel writes them', async (t) => {
  const all = mounts(mountinfo)
  t.equal(all.length, 4)
  t.match(all[1], { point: '/export', number: '8:17', isReadOnly: false, isSuperReadOnly: true })
  t.match(all[2], { point: '/export/my data', type: 'xfs', isReadOnly: true })
})

t.test('a path is on the mount with the longest name, the last of them', async (t) => {
  const all = mounts(mountinfo)
  t.equal(mountOf('/export/pub', all)?.type, 'tmpfs')
  t.equal(mountOf('/export/my data/x', all)?.type, 'xfs')
  t.equal(mountOf('/exported', all)?.point, '/')
  t.equal(mountOf('/x', []), undefined)
})

const wanted = (path: string) => ({ path, what: 'data', isWritable: true }) as const

t.test('directories of this system are looked at', async (t) => {
  const directory = t.testdir({})
  const sources = { root: '', programs: programDirectories }
  const [there, missing] = await lookAtDirectories(
    sources,
    [wanted(directory), wanted(join(directory, 'none'))],
    60_000,
  )
  t.match(there, { status: { kind: 'there', space: { total: Number, freeFiles: Number } } })
  t.ok(there?.status.kind === 'there' && there.status.space.total > 0)
  t.match(missing, { status: { kind: 'missing' }, isSuspended: false })
})

t.test('one that does not answer hangs, and nobody waits for it', async (t) => {
  const root = t.testdir({
    bin: {},
    proc: { self: { mountinfo } },
    sys: { dev: { block: { '8:33': { dm: { suspended: '1\n' } } } } },
  })
  const stat = join(root, 'bin/stat')
  writeFileSync(stat, '#!/bin/sh\nexec sleep 600\n')
  chmodSync(stat, 0o755)
  const sources = { root, programs: [join(root, 'bin')] }
  const [slow] = await lookAtDirectories(sources, [wanted('/export/my data')], 200)
  t.match(slow, { status: { kind: 'stalled', afterMs: 200 }, isSuspended: true })
  writeFileSync(stat, '#!/bin/sh\necho nonsense\n')
  const [odd] = await lookAtDirectories(sources, [wanted('/export')], 60_000)
  t.match(odd, { status: { kind: 'unknown' }, mount: { type: 'tmpfs' } })
  const [none] = await lookAtDirectories({ root, programs: [] }, [wanted('/export')], 60_000)
  t.match(none, { status: { kind: 'unknown' } })
})

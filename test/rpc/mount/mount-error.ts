import t from 'tap'
import { MountError } from '../../../src/rpc/mount/mount-error.ts'

t.test('a refusal to mount is told in words', async (t) => {
  const cases: [number, string][] = [
    [1, 'mount error(Operation not permitted)'],
    [2, 'mount error(No such file or directory)'],
    [13, 'mount error(Permission denied)'],
    [20, 'mount error(Not a directory)'],
    [10_006, 'mount error(Server fault)'],
    [77, 'mount error(Unknown error 77)'],
  ]
  for (const [status, text] of cases) t.match(new MountError(status), { status, message: text })
  t.equal(MountError.textOf(13), 'mount error(Permission denied)')
  t.equal(MountError.textOf(77), undefined)
})

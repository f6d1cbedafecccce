import t from 'tap'
import { licenseMain } from '../../../src/cli/license/license-main.ts'
import { lineInput } from '../../../src/cli/license/line-input.ts'

t.test('help and version need no root; everything else does', async (t) => {
  let said = ''
  const io = {
    out: (text: string) => void (said += text),
    err: (text: string) => void (said += text),
    env: { LANG: 'ja_JP.UTF-8' },
    uid: 1000,
    hostName: () => 'node1',
  }
  const run = async (...argv: string[]) => {
    said = ''
    return licenseMain(argv, io, () => lineInput(process.stdin), new Date())
  }
  t.equal(await run('--help'), 0)
  t.match(said, /終了ステータス/)
  t.equal(await run('--help', '--lang', 'en'), 0)
  t.match(said, /Exit status/)
  t.equal(await run('-V'), 0)
  t.match(said, /^clplcnsc \(clp-fsmon\) \d/)
  for (const argv of [
    ['-l'],
    ['-d'],
    ['-i'],
    ['--community'],
    ['--issue', '--serial', 'AA000000'],
  ]) {
    t.equal(await run(...argv), 4)
    t.match(said, /root/)
  }
  t.equal(await run(), 2)
  t.match(said, /--help/)
})

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { configuredWatches } from '../../../../src/cli/fsmon/doctor/configured-watches.ts'
import { loadConfigTexts } from '../../../../src/cli/settings/config-texts.ts'
import { loadTexts } from '../../../../src/cli/texts.ts'
import { layoutUnder } from '../../../../src/registry/layout.ts'
import { encodeRecord } from '../../../../src/registry/record.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { nobody, sampleRecord } from '../../../helpers/sample-record.ts'

async function host(root: string) {
  const layout = layoutUnder(root)
  mkdirSync(layout.etc, { recursive: true })
  mkdirSync(layout.run, { recursive: true, mode: 0o700 })
  const look = async () =>
    configuredWatches({
      layout,
      io: fakeIo({ CLP_FSMON_ROOT: root }),
      texts: await loadTexts('en'),
      configTexts: await loadConfigTexts('en'),
    })
  const put = (name: string, text: string) => {
    writeFileSync(join(layout.etc, name), text)
  }
  return { layout, look, put }
}

t.test('a host without any configuration is well', async (t) => {
  const { look } = await host(t.testdir())
  t.match(await look(), { watches: [], findings: [{ grade: 'ok', what: 'none' }] })
})

t.test(
  'a step of a repair that can never begin is told, and keeps no watch from its work',
  async (t) => {
    const { layout, look, put } = await host(t.testdir())
    chmodSync(layout.etc, 0o755)
    const step = (more: string) =>
      `[[repair.step]]\nname = "mend"\nkind = "nfs"\ncommand = ["/none/mend"]\n${more}\n`
    put('clp-fsmon.toml', step('causes = ["any"]'))
    chmodSync(join(layout.etc, 'clp-fsmon.toml'), 0o644)
    const { findings } = await look()
    t.match(findings, [
      {
        grade: 'warning',
        what: 'wrong',
        values: { problem: /:4: repair.*there is no \/none\/mend/ },
      },
    ])
    put('clp-fsmon.toml', step('causes = ["rain"]'))
    t.match((await look()).findings, [
      { grade: 'warning', what: 'wrong', values: { problem: /rain/ } },
    ])
  },
)

t.test('watches come from the list, from units and from those that run, each once', async (t) => {
  const { layout, look, put } = await host(t.testdir())
  put(
    'watches.toml',
    '[[watch]]\nid = "a"\nkind = "samba"\nshare = "pub"\n[[watch]]\nid = "b"\nkind = "nfs"\ndirectory = "/srv"\n',
  )
  put('c.env', "SHARE='x'\nCREDENTIALS=/etc/c.cred\n")
  put('d.env', 'OTHER=1\n')
  put('clp-fsmon.toml', '[defaults]\ninterval = 7\n')
  const { ended: _, ...running } = sampleRecord()
  for (const record of [
    { ...running, id: 'b', command: 'clp_nfsmon' },
    { ...running, id: 'e' },
    { ...running, id: 'f', command: 'clp_fsmon' },
    { ...running, id: 'g', process: nobody },
    sampleRecord({ id: 'h' }),
  ]) {
    writeFileSync(join(layout.run, `${record.id}.json`), encodeRecord(record))
  }
  const { watches, findings } = await look()
  t.strictSame(
    watches.map(({ id, settings, running: runs }) => [
      id,
      settings !== undefined,
      runs !== undefined,
    ]),
    [
      ['a', true, false],
      ['b', true, true],
      ['c', true, false],
      ['e', false, true],
    ],
  )
  t.equal(watches[0]?.settings?.timing.intervalS, 7, 'with the defaults of the host')
  t.equal(watches[2]?.credentialsFile, '/etc/c.cred')
  t.strictSame([...new Set(findings.map(({ grade }) => grade))], ['ok'])
  t.match(
    findings.map(({ what }) => what),
    ['valid', 'validList', 'valid'],
  )
})

t.test('everything that is wrong is told, and what is right is still there', async (t) => {
  const { look, put } = await host(t.testdir())
  put('watches.toml', '[[watch]]\nid = "a"\nkind = "samba"\n')
  put('c.env', 'SHARE=x\nWAIT=never\n')
  put('d.env', 'SHARE=x\n')
  put('clp-fsmon.toml', '[defaults]\ninterval = 0\n')
  const { watches, findings } = await look()
  t.strictSame(
    watches.map(({ id }) => id),
    ['d'],
  )
  t.strictSame(
    findings.map(({ grade, what }) => `${grade} ${what}`),
    ['failure wrong', 'failure wrong', 'failure wrongUnit', 'ok valid'],
  )
})

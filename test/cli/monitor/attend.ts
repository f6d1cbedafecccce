import { mkdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { DiagnosisProcess } from '../../../src/cli/diagnosis/diagnosis-process.ts'
import { attend, type AttendanceParts } from '../../../src/cli/monitor/attend.ts'
import { composeProbe } from '../../../src/cli/monitor/compose-probe.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import type { RepairSettings } from '../../../src/config/repair-kinds.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

const repairs: Readonly<RepairSettings> = {
  enabled: true,
  'per-hour': 3,
  'per-day': 10,
  total: 180,
  settle: 10,
  wait: undefined,
  step: [
    {
      name: 'mend',
      kind: 'samba',
      causes: ['any'],
      command: ['/bin/true'],
      remote: false,
      use: undefined,
      timeout: undefined,
      watches: undefined,
    },
  ],
}

/** All that attends to a watch of Samba that is given these words. */
async function attended(
  t: Test,
  words: readonly string[],
  more: Partial<AttendanceParts> & { isRepaired?: boolean } = {},
) {
  const layout = layoutUnder(t.testdir())
  for (const directory of [layout.run, layout.lib]) mkdirSync(directory, { recursive: true })
  const request = monitorRequest('clp_sambamon', ['w', '-s', 'pub', '-a', '127.0.0.1', ...words])
  if (request.want !== 'watch') throw new Error('not a watch')
  const { settings } = request
  const io = fakeIo()
  const { isRepaired = false, ...rest } = more
  let asked = 0
  const opened = await attend({
    id: 'w',
    settings,
    composed: await composeProbe(settings, io),
    layout,
    io,
    repair: isRepaired ? repairs : undefined,
    diagnosis: async () => {
      asked += 1
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing of it is used
      return {} as DiagnosisProcess
    },
    announce: () => undefined,
    log: () => undefined,
    refresh: () => undefined,
    ...rest,
  })
  return { ...opened, asked }
}

t.test(
  'a watch that wants nothing more has its drills, and nothing that is not wanted',
  async (t) => {
    const { parts, repair, asked } = await attended(t, ['--warn-at', 'off', '-r', '7'])
    t.match(parts.timing, { deadlineMs: 7000 })
    t.equal(parts.timing.repairMs, undefined)
    t.equal(parts.mend, undefined)
    t.equal(parts.enter, undefined)
    t.equal(repair, undefined)
    t.equal(asked, 0)
    t.equal(parts.onlookers?.length, 1)
  },
)

t.test('one that is diagnosed has somebody who looks on, and warnings beside', async (t) => {
  const { parts, asked } = await attended(t, ['--diagnose', 'on'])
  t.equal(asked, 1)
  t.equal(parts.onlookers?.length, 4)
  const without = await attended(t, ['--diagnose', 'on'], { diagnosis: async () => undefined })
  t.equal(without.parts.onlookers?.length, 3, 'where that can be had')
})

t.test('a repair is part of the time that is promised, and is diagnosed', async (t) => {
  const enter = () => ({ ready: undefined, leave: () => undefined })
  const outstanding = new Set<Promise<unknown>>()
  const { parts, repair, asked } = await attended(t, [], { isRepaired: true, enter, outstanding })
  t.equal(parts.timing.repairMs, repair?.repairMs)
  t.equal(parts.repairMsNow, repair?.repairMsNow)
  t.equal(parts.enter, enter)
  t.equal(asked, 1)
  t.type(parts.mend?.()?.goOn, 'function')
})

t.test('nothing is done to a server whose failure is only pretended', async (t) => {
  const { parts, seat } = await attended(t, [], { isRepaired: true })
  Object.defineProperty(seat, 'kind', { get: () => 'fault' })
  t.equal(parts.mend?.(), undefined)
})

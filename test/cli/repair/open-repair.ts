import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { journalDirectory, openRepair } from '../../../src/cli/repair/open-repair.ts'
import { understandToml } from '../../../src/config/read-toml.ts'
import { repairKind } from '../../../src/config/repair-kinds.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { identityOf } from '../../../src/registry/process-identity.ts'
import { repairMs } from '../../../src/repair/plan.ts'
import { membersOf } from '../../../src/repair/session.ts'
import { noteUnderWay, readUnderWay } from '../../../src/repair/under-way.ts'
import { systemClock } from '../../../src/watch/clock.ts'
import { eventually } from '../../helpers/eventually.ts'

async function opened(
  t: Test,
  text: string,
  more: { address?: string; io?: { hostName: () => string } } = {},
) {
  const layout = layoutUnder(t.testdir())
  for (const directory of [layout.run, layout.lib]) mkdirSync(directory, { recursive: true })
  const { value, problems } = await understandToml(
    '/f',
    text,
    repairKind({ builtIns: ['restart-smbd'], causes: ['disk-full', 'process-stopped'] }),
  )
  t.strictSame(problems, [])
  const log: string[] = []
  let refreshed = 0
  const open = () =>
    openRepair({
      settings: value,
      watch: 'w1',
      command: 'clp_sambamon',
      target: 'pub',
      address: '127.0.0.1',
      deadlineMs: 1000,
      layout,
      io: { hostName: () => 'server1' },
      log: (level, line) => log.push(`${level} ${line}`),
      refresh: () => {
        refreshed += 1
      },
      probableCauses: () => ['process-stopped'],
      ...more,
    })
  return { layout, log, open, refreshed: () => refreshed }
}

function script(t: Test, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'repair-step-'))
  t.teardown(() => {
    rmSync(directory, { recursive: true })
  })
  const file = join(directory, 'step')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return file
}

const step = (command: string, more = '') => `
  settle = 0
  ${more}
  [[step]]
  name = "mend"
  kind = "samba"
  causes = ["process-stopped"]
  command = ["${command}"]`

t.test('a repair does its steps, and the record tells of it', async (t) => {
  const its = await opened(t, step('/bin/true'))
  const repair = its.open()
  if (repair === undefined) throw new Error('nothing is to be repaired')
  t.ok(repair.repairMs > 30_000)
  t.same(repair.onlooker.status?.(), { repair: { mended: 0, notMended: 0 } })
  const mending = repair.mend()
  t.equal(await mending?.goOn(), 'check')
  t.equal(its.refreshed(), 2)
  t.match(mending?.conclude('mended'), { text: 'mend for process-stopped: mended' })
  t.match(repair.onlooker.status?.(), {
    repair: { mended: 1, notMended: 0, last: { text: /mended/ } },
  })
  const again = repair.mend()
  t.equal(await again?.goOn(), 'check', 'first a look whether the other step has helped')
  t.equal(await again?.goOn(), 'check')
  t.equal(await again?.goOn(), 'give-up')
  again?.conclude('not-mended')
  t.match(repair.onlooker.status?.(), { repair: { mended: 1, notMended: 1 } })
  repair.mend()?.conclude('broken-off')
  t.match(repair.onlooker.status?.(), { repair: { mended: 1, notMended: 1 } })
  t.match(journalDirectory(its.layout), /lib\/clp-fsmon\/repair$/)
})

t.test('of a server elsewhere only the time of steps that are for it is promised', async (t) => {
  const elsewhere = { address: '192.0.2.10' }
  const remote = `${step('/bin/true')}\n  remote = true\n  timeout = 5`
  const both = `${step('/bin/true')}\n${remote.slice(remote.indexOf('[[step]]')).replace('mend', 'far')}`
  const timesOf = async (text: string, more = {}) => {
    const repair = (await opened(t, text, more)).open()
    return { most: repair?.repairMs, now: repair?.repairMsNow() }
  }
  const here = await timesOf(both)
  t.equal(here.now, here.most)
  t.match(await timesOf(both, elsewhere), { most: here.most, now: (await timesOf(remote)).most })
  t.match(await timesOf(step('/bin/true'), elsewhere), { most: Number, now: 0 })
  const unknown = {
    ...elsewhere,
    io: {
      hostName: () => {
        throw new Error('no name')
      },
    },
  }
  const nameless = await timesOf(step('/bin/true'), unknown)
  t.equal(nameless.now, nameless.most, 'never too little')
})

t.test('while a step runs the record names it, and breaking off ends it', async (t) => {
  const its = await opened(t, step(script(t, 'exec sleep 600')))
  const repair = its.open()
  const mending = repair?.mend()
  const under = mending?.goOn()
  await eventually('it runs', () => readUnderWay(its.layout.run) !== undefined)
  t.match(repair?.onlooker.status?.(), {
    repair: { now: { step: 'mend', cause: 'process-stopped' } },
  })
  await mending?.abandon()
  await under
  t.equal(readUnderWay(its.layout.run), undefined)
  t.match(its.log.join('\n'), /mend has ended after .* it was broken off/)
})

t.test('two watches never repair at the same time', async (t) => {
  const its = await opened(t, step(script(t, 'exec sleep 600'), 'wait = 1'))
  const [one, two] = [its.open()?.mend(), its.open()?.mend()]
  const under = one?.goOn()
  await eventually('it runs', () => readUnderWay(its.layout.run) !== undefined)
  t.equal(await two?.goOn(), 'give-up')
  t.match(two?.conclude('not-mended'), { text: /another repair is under way/ })
  await one?.abandon()
  await under
})

t.test('nothing is there where nothing is meant for the watch', async (t) => {
  t.equal((await opened(t, '')).open(), undefined)
})

t.test('a server elsewhere is left alone', async (t) => {
  const its = await opened(t, step('/bin/true'), { address: '192.0.2.1' })
  const mending = its.open()?.mend()
  t.equal(await mending?.goOn(), 'give-up')
  t.match(mending?.conclude('not-mended'), { text: /not on this host/ })
})

t.test('what can never be done is said at the start', async (t) => {
  const its = await opened(t, `${step('/bin/true', 'total = 20')}\ntimeout = 30`)
  const repair = its.open()
  t.match(its.log.join('\n'), /warn repair: mend never fits into the total of 20 s/)
  t.equal(repair?.repairMs, 20_000 + 1000 + 20_000, 'and the total holds')
  t.type(repairMs, 'function')
})

t.test('a step that a monitor left behind is seen to at the start of the next one', async (t) => {
  const its = await opened(t, step('/bin/true'))
  const child = spawn('/bin/sh', ['-c', `trap '' TERM; while :; do sleep 600; done`], {
    detached: true,
    stdio: 'ignore',
  })
  const [me, leader] = [identityOf(process.pid), identityOf(child.pid ?? 0)]
  if (me === undefined || leader === undefined) throw new Error('no identity')
  t.teardown(() => {
    for (const pid of membersOf(leader)) process.kill(pid, 'SIGKILL')
  })
  const monitor = { ...me, startTicks: '1' }
  const untilUptimeMs = systemClock.uptime()
  noteUnderWay(its.layout.run, { step: 'mend', watch: 'killed', leader, monitor, untilUptimeMs })
  its.open()
  its.open()
  await eventually('it is ended', () => readUnderWay(its.layout.run) === undefined)
  t.same(membersOf(leader), [])
  await eventually('it is told', () => its.log.some((line) => /mend is over/.test(line)))
  t.equal(its.log.filter((line) => /runs on, whose monitor killed is gone/.test(line)).length, 1)
})

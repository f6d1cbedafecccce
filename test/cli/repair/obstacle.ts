import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { obstacleOf, obstacleText, type Obstacle } from '../../../src/cli/repair/obstacle.ts'
import { loadRepairTexts } from '../../../src/cli/repair/repair-texts.ts'
import type { RepairStepSettings } from '../../../src/config/repair-kinds.ts'
import { builtInSteps, isAbsence, isOnThisHost } from '../../../src/repair/built-in-steps.ts'
import { systemClock } from '../../../src/watch/clock.ts'

const none = {
  name: undefined,
  use: undefined,
  command: undefined,
  kind: undefined,
  causes: undefined,
  timeout: undefined,
  watches: undefined,
  remote: false,
} as const satisfies RepairStepSettings

const limits = { total: 180, settle: 10 }

/** A program that its owner alone may write. */
function program(t: Test): string {
  const directory = join(t.testdir(), 'own')
  mkdirSync(directory)
  chmodSync(directory, 0o755)
  const file = join(directory, 'mend')
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o755)
  return file
}

t.test('a program that can be run is no obstacle, one that cannot is', async (t) => {
  const file = program(t)
  const of = async (more: Partial<RepairStepSettings>, given = limits) =>
    obstacleOf({ ...none, ...more }, given, systemClock)
  t.equal(await of({ command: [file] }), undefined)
  t.match(await of({ command: [`${file}.none`] }), { why: 'missing' })
  t.match(await of({ command: [file], timeout: 170 }), { why: 'too-long', needed: 194, total: 180 })
  t.equal(await of({ command: [file], timeout: 156 }), undefined, 'it fits to the second')
  t.match(await of({ command: [file], timeout: 157 }), { why: 'too-long' })
  t.match(await of({ command: [file] }, { total: 20, settle: 10 }), { why: 'too-long' })
  chmodSync(file, 0o777)
  t.match(await of({ command: [file] }), { why: 'not-roots-alone' })
})

t.test('a built-in step that this host does not have is told', async (t) => {
  for (const [use, { command }] of Object.entries(builtInSteps)) {
    const found = command(isOnThisHost)
    const obstacle = await obstacleOf({ ...none, use }, limits, systemClock)
    if (isAbsence(found)) t.strictSame(obstacle, found)
    else t.not(obstacle?.why, 'no-service')
  }
})

t.test('a disk that does not answer is waited for as long as a repair would', async (t) => {
  const waits: number[] = []
  const clock = {
    setTimer: (ms: number, callback: () => void) => {
      waits.push(ms)
      callback()
      return () => undefined
    },
  }
  const obstacle = await obstacleOf({ ...none, command: ['/bin/sh'] }, limits, clock)
  t.strictSame(obstacle, { why: 'stalled', path: '/bin/sh' })
  t.strictSame(waits, [2000])
})

t.test('every obstacle has its words in both languages', async (t) => {
  const path = '/opt/mend'
  const all: Obstacle[] = [
    { why: 'no-unit', names: 'smbd' },
    { why: 'no-systemctl', names: 'systemctl' },
    { why: 'no-service', names: 'smbd' },
    { why: 'no-exportfs', names: 'exportfs' },
    { why: 'missing', path },
    { why: 'not-a-file', path },
    { why: 'not-executable', path },
    { why: 'not-roots-alone', path, mode: '0777', uid: 7 },
    { why: 'unreadable', path, code: 'ELOOP' },
    { why: 'stalled', path },
    { why: 'too-long', needed: 194, total: 180 },
  ]
  for (const language of ['en', 'ja'] as const) {
    const texts = await loadRepairTexts(language)
    t.strictSame(
      Object.keys(texts.obstacle),
      all.map(({ why }) => why),
    )
    for (const one of all) t.notMatch(obstacleText(one, texts), /[{}]/, `${language} ${one.why}`)
  }
})

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { monitorMain } from '../../../src/cli/monitor/monitor-main.ts'
import { fileStem } from '../../../src/registry/identifier.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { licensed } from '../../helpers/licensed.ts'
import { parseNagiosOutput } from '../../helpers/nagios-output.ts'

t.test('help and version need neither root nor a record', async (t) => {
  const io = fakeIo({}, 1000)
  t.match(await monitorMain('clp_nfsmon', ['--version'], io), { status: 0 })
  t.match(io.printed(), /^clp_nfsmon \(clp-fsmon\) \d/)
  t.match(await monitorMain('clp_nfsmon', ['--help', '--lang', 'ja'], io), { status: 0 })
  t.match(io.printed(), '終了ステータス')
})

t.test(
  'who is not root may only look at one check, or try in a directory of his own',
  async (t) => {
    for (const argv of [
      ['a', '-d', '/x'],
      ['a', '-stop'],
    ]) {
      const io = fakeIo({}, 1000)
      t.match(await monitorMain('clp_nfsmon', argv, io), { status: 4 })
      t.match(io.complained(), /must be run as root.*CLP_FSMON_ROOT/)
    }
    const io = fakeIo({ CLP_FSMON_ROOT: t.testdir() }, 1000)
    t.match(await monitorMain('clp_nfsmon', ['a', '-disp'], io), { status: 3 })
  },
)

t.test('wrong parameters are explained, and given as the alert of the manual', async (t) => {
  const root = t.testdir()
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  t.match(await monitorMain('clp_nfsmon', ['a'], io), { status: 2, stuck: false })
  t.match(io.complained(), /Option -d is missing/)
  const log = readFileSync(join(root, 'var/log/clp-fsmon/alert.log'), 'utf8')
  t.match(JSON.parse(log), {
    id: 12,
    level: 'error',
    server: 'server1',
    module: 'nfsmon',
    message: "'-d' parameter is not specified at the clp_nfsmon command.",
  })
})

t.test('for Nagios whatever keeps a check from beginning is UNKNOWN, and no alert', async (t) => {
  const root = t.testdir()
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  const argv = ['--check', '--nagios', '-d', 'relative']
  t.match(await monitorMain('clp_nfsmon', argv, io), { status: 3 })
  t.match(parseNagiosOutput(io.printed()), { level: 'UNKNOWN', text: /full path/ })
  const broken = fakeIo({ CLP_FSMON_ROOT: root })
  broken.hostName = () => {
    throw new Error('no name')
  }
  t.match(await monitorMain('clp_nfsmon', ['--check', '--nagios', '-d', '/x'], broken), {
    status: 3,
  })
  t.match(parseNagiosOutput(broken.printed()), { level: 'UNKNOWN', text: 'Error: no name' })
  t.notOk(existsSync(join(root, 'var')))
})

t.test('a stop of an unknown ID is a 15', async (t) => {
  const root = t.testdir()
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  t.match(await monitorMain('clp_sambamon', ['nobody', '-stop'], io), { status: 3 })
  t.match(readFileSync(join(root, 'var/log/clp-fsmon/alert.log'), 'utf8'), '"id":15')
})

t.test('an error of our own is a 42 with its stack, and no verdict', async (t) => {
  const root = t.testdir()
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  io.out = () => {
    throw new TypeError('a bug')
  }
  t.match(await monitorMain('clp_sambamon', ['--version'], io), { status: 5 })
  t.match(io.complained(), /TypeError: a bug\n +at /)
  t.match(readFileSync(join(root, 'var/log/clp-fsmon/alert.log'), 'utf8'), '(internal 0)')
  io.out = () => {
    // oxlint-disable-next-line typescript/only-throw-error -- whatever is thrown must be caught
    throw 'no error'
  }
  t.match(await monitorMain('clp_sambamon', ['--version'], io), { status: 5 })
  t.match(io.complained(), 'no error')
})

t.test('what the system refuses is a 42 with the place, and no stack', async (t) => {
  const root = t.testdir()
  await licensed(root)
  const run = join(root, 'run/clp-fsmon')
  mkdirSync(run, { recursive: true, mode: 0o700 })
  // In the place of the record, before it has its name.
  mkdirSync(join(run, `.${fileStem('full')}.${process.pid}.tmp`))
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  const argv = ['full', '-s', 'x', '-a', '127.0.0.1', '--port', '1']
  t.match(await monitorMain('clp_sambamon', argv, io), { status: 5 })
  t.match(io.complained(), `no record can be written in ${run}: E`)
  t.notMatch(io.complained(), /\n +at /)
  t.match(readFileSync(join(root, 'var/log/clp-fsmon/alert.log'), 'utf8'), '(unlink ')
})

t.test('one check leaves no trace', async (t) => {
  const root = t.testdir()
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  const argv = ['--check', '-d', '/x', '-a', '127.0.0.1', '-n1', '--mount-port', '1', '-r', '5']
  t.match(await monitorMain('clp_nfsmon', argv, io), { status: 1 })
  t.match(io.printed(), /FAILED in step .*Connection refused/s)
  t.notOk(existsSync(join(root, 'run')))
  t.notOk(existsSync(join(root, 'var')))
})

t.test('what is wrong with the words is explained in the language that they ask for', async (t) => {
  for (const words of [
    ['w1', '-i', 'x', '--lang', 'ja'],
    ['--lang=ja', 'w1', '-i', 'x'],
    ['w1', '-i', '0', '--lang', 'ja'],
  ]) {
    const io = fakeIo({ CLP_FSMON_ROOT: t.testdir(), LANG: 'C' })
    t.match(await monitorMain('clp_nfsmon', words, io), { status: 2 })
    t.match(io.complained(), /オプション -i/, words.join(' '))
    t.notMatch(io.complained(), /allowed/)
  }
})

import t from 'tap'
import { normaliseArgv } from '../../../src/cli/monitor/normalise-argv.ts'
import { optionTable } from '../../../src/cli/monitor/option-table.ts'

const samba = (...argv: string[]) => normaliseArgv(argv, optionTable.clp_sambamon)
const nfs = (...argv: string[]) => normaliseArgv(argv, optionTable.clp_nfsmon)

t.test('the control words become long options', async (t) => {
  t.strictSame(samba('a', '-stop', '5'), ['a', '--stop', '5'])
  for (const word of ['pause', 'continue', 'disp', 'del']) {
    t.strictSame(samba('a', `-${word}`), ['a', `--${word}`])
  }
})

t.test(
  'the word after an option that takes a value is that value, whatever it looks like',
  async (t) => {
    t.strictSame(samba('a', '-s', '-stop'), ['a', '-s', '-stop'])
    t.strictSame(samba('a', '-s', '-s', '-a', '-x'), ['a', '-s', '-s', '-a', '-x'])
    t.strictSame(samba('a', '-p', '-n2049'), ['a', '-p', '-n2049'])
    t.strictSame(nfs('a', '-d', '-del'), ['a', '-d', '-del'])
  },
)

t.test('the port of NFS may be attached to its option, and only there', async (t) => {
  t.strictSame(nfs('a', '-n2049'), ['a', '-n', '2049'])
  t.throws(() => samba('a', '-n2049'), {
    name: 'ParameterError',
    problem: 'unknown-option',
    values: { option: '-n2049' },
  })
  t.throws(() => nfs('a', '-nfs'), { name: 'ParameterError', problem: 'unknown-option' })
})

t.test('a misspelt control word never becomes the value of a short option', async (t) => {
  for (const word of ['-stpo', '-sshare', '-pausee', '-cont', '-i30']) {
    t.throws(
      () => samba('a', word),
      { name: 'ParameterError', alertId: 11, problem: 'unknown-option' },
      word,
    )
  }
})

t.test('an option without its value is refused', async (t) => {
  t.throws(() => samba('a', '-s'), {
    name: 'ParameterError',
    problem: 'missing-value',
    values: { option: '-s' },
  })
})

t.test('long options and single letters pass as they are', async (t) => {
  t.strictSame(samba('a', '--check', '-h', '-'), ['a', '--check', '-h', '-'])
})

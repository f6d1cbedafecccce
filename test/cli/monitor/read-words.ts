import t from 'tap'
import { optionTable } from '../../../src/cli/monitor/option-table.ts'
import { HelpWanted, readWords } from '../../../src/cli/monitor/read-words.ts'

const samba = (...argv: string[]) => readWords(argv, optionTable.clp_sambamon)
const nfs = (...argv: string[]) => readWords(argv, optionTable.clp_nfsmon)

t.test('the ID and the values come out under their names', async (t) => {
  t.strictSame(nfs('nfswatch', '-d', '/export', '-n', '2049', '--retry-interval', '3', '--check'), {
    id: 'nfswatch',
    isIdFirst: true,
    values: { directory: '/export', nfsPort: 2049, retryInterval: 3, check: true },
  })
  t.strictSame(nfs(), { id: undefined, isIdFirst: false, values: {} })
  t.match(nfs('--check', 'nfswatch'), { id: 'nfswatch', isIdFirst: false })
})

t.test('the control words are one word, whatever they begin with', async (t) => {
  for (const word of ['stop', 'pause', 'continue', 'disp', 'del']) {
    t.strictSame(samba('a', `-${word}`).values, { [word]: true })
    t.strictSame(samba('a', `--${word}`).values, { [word]: true })
  }
  t.strictSame(samba('a', '-stop', '5').values, { stop: 5 })
  t.strictSame(samba('a', '-stop', '--force').values, { stop: true, force: true })
  t.throws(() => samba('a', '-stop', '0'), {
    name: 'ParameterError',
    problem: 'out-of-range',
    values: { option: '-stop' },
  })
  t.throws(() => samba('a', '-stop', 'now'), { name: 'ParameterError', problem: 'not-a-number' })
  t.throws(() => samba('a', '-continue', '5'), {
    name: 'ParameterError',
    problem: 'unexpected-word',
  })
})

t.test(
  'the word after an option that takes a value is that value, whatever it looks like',
  async (t) => {
    t.strictSame(samba('a', '-s', '-stop').values, { share: '-stop' })
    t.strictSame(samba('a', '-s', '-s', '-a', '-x').values, { share: '-s', address: '-x' })
    t.strictSame(samba('a', '-p', '-n2049').values, { password: '-n2049' })
    t.strictSame(samba('a', '-s', '--help').values, { share: '--help' })
    t.strictSame(nfs('a', '-d', '-del').values, { directory: '-del' })
  },
)

t.test('a long option takes its value after = as well', async (t) => {
  t.strictSame(samba('a', '--port=139', '--path=a=b').values, { port: 139, path: 'a=b' })
  t.throws(() => samba('a', '--port='), { name: 'ParameterError', problem: 'empty-value' })
  t.throws(() => samba('a', '--check=yes'), { name: 'ParameterError', problem: 'unknown-option' })
  t.throws(() => samba('a', '-s=pub'), { name: 'ParameterError', problem: 'unknown-option' })
})

t.test('the port of NFS may be attached to its option, and only there', async (t) => {
  t.strictSame(nfs('a', '-n2049').values, { nfsPort: 2049 })
  t.throws(() => samba('a', '-n2049'), {
    name: 'ParameterError',
    problem: 'unknown-option',
    values: { option: '-n2049' },
  })
  t.throws(() => nfs('a', '-nfs'), { name: 'ParameterError', problem: 'unknown-option' })
})

t.test('a misspelt control word never becomes the value of a short option', async (t) => {
  for (const word of ['-stpo', '-sshare', '-cont', '-i30', '--', '--nonsense']) {
    t.throws(
      () => samba('a', word),
      { name: 'ParameterError', alertId: 11, problem: 'unknown-option', values: { option: word } },
      word,
    )
  }
})

t.test('a password that was attached is not repeated', async (t) => {
  t.throws(() => samba('a', '-pSECRET'), {
    name: 'ParameterError',
    problem: 'unknown-option',
    values: { option: '-p***' },
  })
})

t.test('an option without its value is refused', async (t) => {
  for (const option of ['-s', '--port']) {
    t.throws(() => samba('a', option), {
      name: 'ParameterError',
      problem: 'missing-value',
      values: { option },
    })
  }
})

t.test('an option given twice is refused, also when it says the same', async (t) => {
  t.throws(() => nfs('a', '-i', '5', '-i', '5'), {
    name: 'ParameterError',
    problem: 'doubled',
    values: { option: '-i' },
  })
})

t.test('a word too many is refused', async (t) => {
  t.throws(() => nfs('a', 'b', '-d', '/x'), {
    name: 'ParameterError',
    problem: 'unexpected-word',
    values: { value: 'b' },
  })
  t.throws(() => nfs('a', '-'), {
    name: 'ParameterError',
    problem: 'unexpected-word',
    values: { value: '-' },
  })
})

t.test('help and version are wishes, whatever else is wrong', async (t) => {
  const caught = (...argv: string[]): unknown => {
    try {
      return samba(...argv)
    } catch (error) {
      return error
    }
  }
  for (const word of ['-h', '--help']) t.match(caught(word), { what: 'help' })
  for (const word of ['-V', '--version']) t.match(caught('a', word), { what: 'version' })
  t.type(caught('a', '--nonsense', '-i', 'x', '-h'), HelpWanted)
})

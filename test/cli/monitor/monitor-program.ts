import { CommanderError } from 'commander'
import t from 'tap'
import { HelpWanted, monitorProgram, parseWords } from '../../../src/cli/monitor/monitor-program.ts'

const parse = (...words: string[]) => parseWords(monitorProgram('clp_nfsmon'), words)

t.test('the ID and the values come out under their names', async (t) => {
  t.strictSame(
    parse('nfswatch', '-d', '/export', '-n', '2049', '--retry-interval', '3', '--stop'),
    {
      id: 'nfswatch',
      values: { directory: '/export', nfsPort: 2049, retryInterval: 3, stop: true },
    },
  )
  t.equal(parse('a', '--stop', '7').values.stop, 7)
})

t.test('an option given twice is refused, also when it says the same', async (t) => {
  t.throws(() => parse('a', '-i', '5', '-i', '5'), {
    name: 'ParameterError',
    problem: 'doubled',
    values: { option: '-i' },
  })
  t.throws(() => parse('a', '--stop', '0'), { name: 'ParameterError', problem: 'out-of-range' })
})

t.test('what the parser refuses is explained in our words', async (t) => {
  t.throws(() => parse('a', '--nonsense'), {
    name: 'ParameterError',
    problem: 'unknown-option',
    values: { option: '--nonsense' },
  })
  t.throws(() => parse('a', '-d'), {
    name: 'ParameterError',
    problem: 'missing-value',
    values: { option: '-d' },
  })
  t.throws(() => parse('a', 'b', '-d', '/x'), {
    name: 'ParameterError',
    problem: 'unexpected-word',
    values: { value: 'b' },
  })
})

t.test('help and version are wishes and not errors of the user', async (t) => {
  for (const word of ['-h', '--help']) t.match(caught(word), { what: 'help' })
  for (const word of ['-V', '--version']) t.match(caught(word), { what: 'version' })
  t.type(caught('-h'), HelpWanted)
})

t.test('an error that is not foreseen is handed on as it is', async (t) => {
  const program = monitorProgram('clp_nfsmon')
  const unforeseen = new CommanderError(1, 'commander.conflictingOption', 'no')
  program.parse = () => {
    throw unforeseen
  }
  t.throws(() => parseWords(program, []), unforeseen)
  const bug = new TypeError('bug')
  program.parse = () => {
    throw bug
  }
  t.throws(() => parseWords(program, []), bug)
})

t.test('help shows for every option what it takes, its range and its default', async (t) => {
  const help = monitorProgram('clp_nfsmon', {
    interval: 'seconds between checks',
  }).helpInformation()
  t.match(help, '-i <SECONDS>')
  t.match(help, /seconds between checks \(1\.\.10000;\s+default 30\)/)
  t.match(help, /\(auto, 3, 4, 4\.0, 4\.1, 4\.2;\s+default auto\)/)
})

function caught(word: string): unknown {
  try {
    return parse('a', word)
  } catch (error) {
    return error
  }
}

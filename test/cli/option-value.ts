import t from 'tap'
import { amountForm, isAmount, optionValue } from '../../src/cli/option-value.ts'

const range = { rule: 'integer', min: 1, max: 10000 } as const

t.test('whole numbers within the range are taken', async (t) => {
  t.equal(optionValue('-i', '1', range), 1)
  t.equal(optionValue('-i', '10000', range), 10000)
  t.equal(optionValue('-i', '0030', range), 30)
})

t.test(
  'a number outside the range is refused with the option, the value and the range',
  async (t) => {
    for (const value of ['0', '-1', '10001', '99999999999999999999']) {
      t.throws(() => optionValue('-i', value, range), {
        alertId: 11,
        name: 'ParameterError',
        problem: 'out-of-range',
        values: { option: '-i', value, allowed: '1..10000' },
      })
    }
  },
)

t.test('off is a number only where it may be', async (t) => {
  t.equal(optionValue('--warn-at', 'off', { ...range, min: 0, orOff: true }), 0)
  t.throws(() => optionValue('-i', 'off', range), {
    name: 'ParameterError',
    problem: 'not-a-number',
  })
  t.throws(() => optionValue('--warn-at', '10001', { ...range, orOff: true }), {
    name: 'ParameterError',
    problem: 'out-of-range',
    values: { allowed: '1..10000, off' },
  })
})

t.test('what is not a whole number is refused as that', async (t) => {
  for (const value of ['x', '1.5', '1e3', '0x10', ' 1', '1s', '１']) {
    t.throws(() => optionValue('-i', value, range), {
      name: 'ParameterError',
      problem: 'not-a-number',
      values: { value },
    })
  }
})

t.test('a number with a fraction is taken where its rule allows that', async (t) => {
  const rule = { rule: 'decimal', min: 0.001, max: 10000 } as const
  t.equal(optionValue('--warning', '0.5', rule), 0.5)
  t.equal(optionValue('--warning', '2', rule), 2)
  for (const value of ['0', '0.0009', '10000.1', '-1']) {
    t.throws(() => optionValue('--warning', value, rule), {
      name: 'ParameterError',
      problem: 'out-of-range',
    })
  }
  for (const value of ['x', '1e3', '.5', '1.', '1,5', '0x1', 'NaN', 'Infinity', ' 1']) {
    t.throws(() => optionValue('--warning', value, rule), {
      name: 'ParameterError',
      problem: 'not-a-decimal',
    })
  }
})

t.test('a choice must be one of those there are', async (t) => {
  const rule = { rule: 'choice', of: ['tcp', 'udp'] } as const
  t.equal(optionValue('--transport', 'udp', rule), 'udp')
  t.throws(() => optionValue('--transport', 'rdma', rule), {
    name: 'ParameterError',
    problem: 'not-a-choice',
    values: { allowed: 'tcp, udp' },
  })
})

t.test('texts hold up to 255 bytes, counted as bytes and not as characters', async (t) => {
  const rule = { rule: 'text' } as const
  t.equal(optionValue('-s', 'x'.repeat(255), rule), 'x'.repeat(255))
  t.throws(() => optionValue('-s', 'x'.repeat(256), rule), {
    name: 'ParameterError',
    problem: 'too-long',
    values: { bytes: '256', allowed: '1..255' },
  })
  t.equal(optionValue('-s', '共'.repeat(85), rule), '共'.repeat(85))
  t.throws(() => optionValue('-s', '共'.repeat(86), rule), {
    name: 'ParameterError',
    problem: 'too-long',
  })
})

t.test('an empty value is refused, whatever the option takes', async (t) => {
  for (const rule of [range, { rule: 'text' } as const]) {
    t.throws(() => optionValue('-s', '', rule), { name: 'ParameterError', problem: 'empty-value' })
  }
})

t.test('a flag has no value to check', async (t) => {
  t.equal(optionValue('--force', 'true', { rule: 'flag' }), 'true')
})

t.test('an amount is more than nothing, and a share less than all', async (t) => {
  const allowed = amountForm
  for (const value of ['1', '0.5K', '100', '1T', '99.999%']) {
    t.equal(optionValue('--space-limit', value, { rule: 'amount' }), value)
  }
  for (const value of ['0', '0.0G', '100%', '1KB', '1k', '-1', '.5', '1e3', '∞']) {
    t.notOk(isAmount(value), value)
    t.throws(() => optionValue('--space-limit', value, { rule: 'amount' }), {
      name: 'ParameterError',
      problem: 'not-an-amount',
      values: { option: '--space-limit', value, allowed },
    })
  }
})

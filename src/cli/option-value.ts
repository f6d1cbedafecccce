import type { ValueRule } from './monitor/option-table.ts'
import { ParameterError } from './parameter-error.ts'

/** So long a value may be. */
export const longestBytes = 255

/** How an amount is written. */
export const amountForm = '1.., 1K, 1M, 1G, 1T, 1%'

/** Whether a value is an amount above nothing, and a share of less than all. */
export function isAmount(value: string): boolean {
  const [, number = '', unit] = /^(\d{1,15}(?:\.\d{1,6})?)([KMGT%]?)$/.exec(value) ?? []
  return Number(number) > 0 && (unit !== '%' || Number(number) < 100)
}

/** Checks one value against its option's rule and gives it back, a number where the rule says so. */
export function optionValue(option: string, value: string, rule: ValueRule): string | number {
  if (value === '') throw new ParameterError(11, 'empty-value', { option })
  switch (rule.rule) {
    case 'integer':
    case 'decimal': {
      const mayBeOff = rule.rule === 'integer' && rule.orOff === true
      if (mayBeOff && value === 'off') return 0
      const allowed = `${rule.min}..${rule.max}${mayBeOff ? ', off' : ''}`
      const [form, problem] =
        rule.rule === 'integer'
          ? ([/^[+-]?\d+$/, 'not-a-number'] as const)
          : ([/^[+-]?\d+(\.\d+)?$/, 'not-a-decimal'] as const)
      if (!form.test(value)) throw new ParameterError(11, problem, { option, value, allowed })
      const number = Number(value)
      if (number < rule.min || number > rule.max) {
        throw new ParameterError(11, 'out-of-range', { option, value, allowed })
      }
      return number
    }
    case 'choice':
      if (!rule.of.includes(value)) {
        throw new ParameterError(11, 'not-a-choice', { option, value, allowed: rule.of.join(', ') })
      }
      return value
    case 'amount':
      if (!isAmount(value)) {
        throw new ParameterError(11, 'not-an-amount', { option, value, allowed: amountForm })
      }
      return value
    case 'text': {
      const bytes = Buffer.byteLength(value)
      if (bytes > longestBytes) {
        throw new ParameterError(11, 'too-long', {
          option,
          bytes: String(bytes),
          allowed: `1..${longestBytes}`,
        })
      }
      return value
    }
    case 'flag':
      return value
  }
}

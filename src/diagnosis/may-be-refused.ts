import type { Target } from './facts.ts'

/**
 * Whether what failed may be that the server does not have what it is asked for: then it says so, and
 * does not fall silent.
 */
export function mayBeRefused({ failure }: Target): boolean {
  return failure === undefined || failure === 'refused'
}

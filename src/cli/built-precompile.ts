import { dirname } from 'node:path'
import { precompile } from './precompile.ts'

declare const CLP_FSMON_WHOLE: readonly string[]
declare const CLP_FSMON_OTHERS: readonly string[]

// The built program lies beside what this is built into.
precompile(dirname(process.argv[1] ?? ''), {
  whole: new Set(CLP_FSMON_WHOLE),
  others: new Set(CLP_FSMON_OTHERS),
})

import { dirname } from 'node:path'
import { learn } from './precompile/learn.ts'
import { precompile } from './precompile/precompile.ts'

declare const CLP_FSMON_KEPT: readonly string[]

const [, file = '', ...words] = process.argv
// The built program lies beside what this is built into.
if (words.length > 0) learn(dirname(file), new Set(CLP_FSMON_KEPT), words)
else void precompile(file)

import { fsmonMain } from '../fsmon/fsmon-main.ts'
import { systemIo } from '../system-io.ts'

process.exit(await fsmonMain(process.argv.slice(2), systemIo()))

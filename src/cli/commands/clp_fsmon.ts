import { fsmonMain } from '../fsmon/fsmon-main.ts'
import { systemIo } from '../system-io.ts'

// No await at the top: this is loaded as CommonJS, which starts faster.
void fsmonMain(process.argv.slice(2), systemIo()).then((status) => process.exit(status))

import { licenseMain } from '../license/license-main.ts'
import { lineInput } from '../license/line-input.ts'
import { systemIo } from '../system-io.ts'

const openInput = () => lineInput(process.stdin)
// No await at the top: this is loaded as CommonJS, which starts faster.
void licenseMain(process.argv.slice(2), systemIo(), openInput, new Date()).then((status) =>
  process.exit(status),
)

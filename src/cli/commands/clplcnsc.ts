import { licenseMain } from '../license/license-main.ts'
import { lineInput } from '../license/line-input.ts'
import { systemIo } from '../system-io.ts'

const openInput = () => lineInput(process.stdin)
process.exit(await licenseMain(process.argv.slice(2), systemIo(), openInput, new Date()))

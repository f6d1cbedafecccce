import { monitorMain } from '../monitor/monitor-main.ts'
import { systemIo } from '../system-io.ts'

process.exit(await monitorMain('clp_sambamon', process.argv.slice(2), systemIo()))

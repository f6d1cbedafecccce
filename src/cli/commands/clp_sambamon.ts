import { startMonitor } from '../monitor/start-monitor.ts'

await startMonitor('clp_sambamon', process.argv.slice(2))

import { startMonitor } from '../monitor/start-monitor.ts'

await startMonitor('clp_nfsmon', process.argv.slice(2))

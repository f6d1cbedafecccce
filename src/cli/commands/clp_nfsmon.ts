import { startMonitor } from '../monitor/start-monitor.ts'

// No await at the top: this is loaded as CommonJS, which starts faster.
void startMonitor('clp_nfsmon', process.argv.slice(2))

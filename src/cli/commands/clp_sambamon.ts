import { hidePassword } from '../monitor/hide-password.ts'
import { leave } from '../leave.ts'
import { systemIo } from '../system-io.ts'

const argv = process.argv.slice(2)
// Before anything else is even loaded: until now the process list shows the password.
process.title = hidePassword('clp_sambamon', argv)

const { monitorMain } = await import('../monitor/monitor-main.ts')
leave(await monitorMain('clp_sambamon', argv, systemIo()))

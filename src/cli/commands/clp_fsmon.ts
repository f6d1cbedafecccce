import { systemIo } from '../system-io.ts'
import { version } from '../version.ts'

systemIo().out(`clp_fsmon (clp-fsmon) ${version}\n`)

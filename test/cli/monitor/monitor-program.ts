import t from 'tap'
import { monitorProgram } from '../../../src/cli/monitor/monitor-program.ts'

t.test('help shows for every option what it takes, its range and its default', async (t) => {
  const help = monitorProgram('clp_nfsmon', {
    interval: 'seconds between checks',
  }).helpInformation()
  t.match(help, '-i <SECONDS>')
  t.match(help, /seconds between checks \(1\.\.10000;\s+default 30\)/)
  t.match(help, /\(auto, 3, 4, 4\.0, 4\.1, 4\.2;\s+default auto\)/)
})

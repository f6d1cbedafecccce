import t from 'tap'
import { isSerial } from '../../src/license/serial.ts'

t.test('two capital letters and six digits are a serial number, nothing else is', async (t) => {
  for (const serial of ['XX000000', 'AB123456']) t.ok(isSerial(serial), serial)
  const wrong = [
    '',
    'xx000000',
    'XX00000',
    'XX0000000',
    'X1000000',
    'XX00000O',
    'XX000000\n',
    'ÄX000000',
  ]
  for (const serial of wrong) t.notOk(isSerial(serial), JSON.stringify(serial))
})

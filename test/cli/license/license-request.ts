import t from 'tap'
import { licenseRequest } from '../../../src/cli/license/license-request.ts'
import { loadLicenseTexts } from '../../../src/cli/license/license-texts.ts'

const texts = await loadLicenseTexts('en')
const product = 'FSMON20'
const trial = ['--issue', '--serial', 'XX000000', '--trial']

const understood: [argv: string[], request: object][] = [
  [['-i', '-p', 'FSMON20'], { want: 'register', product, file: undefined }],
  [['-p', 'FSMON20', '-i'], { want: 'register', product, file: undefined }],
  [['-i'], { want: 'register', product, file: undefined }],
  [['-i', 'file', '-p', 'FSMON20'], { want: 'register', product, file: 'file' }],
  [['-l'], { want: 'list', product }],
  [['-l', '--lang', 'ja'], { want: 'list', product }],
  [['-d'], { want: 'delete', product, serial: undefined }],
  [['-d', 'AB123456', '-p', 'FSMON20'], { want: 'delete', product, serial: 'AB123456' }],
  [['--community'], { want: 'community', product }],
  [['--help', '--nothing-else'].slice(0, 1), { want: 'help', product }],
  [['-V'], { want: 'version', product }],
  [
    ['--issue', '--serial', 'AB123456'],
    {
      want: 'issue',
      product,
      serial: 'AB123456',
      terms: { division: 'product', from: 0, until: 0 },
    },
  ],
  [
    [...trial, '--from', '2025-12-01', '--until', '2025-12-01'],
    {
      want: 'issue',
      product,
      serial: 'XX000000',
      terms: { division: 'trial', from: 9466, until: 9466 },
    },
  ],
]

for (const [argv, request] of understood) {
  t.test(`understood: clplcnsc ${argv.join(' ')}`, async (t) => {
    t.strictSame(licenseRequest(argv, texts), request)
  })
}

const refused: [argv: string[], text: RegExp][] = [
  [[], /Nothing was asked for/],
  [['-p', 'FSMON20'], /Nothing was asked for/],
  [['-i', '-l'], /-i and -l cannot/],
  [['--issue', '--community'], /--issue and --community cannot/],
  [['-i', '-p'], /-p needs a value/],
  [['-i', '-p', 'FSMON21'], /'FSMON21'; allowed is: FSMON20/],
  [['-x'], /no option '-x'/],
  [['--serail', 'AB123456'], /no option '--serail'/],
  [['-l', 'word'], /'word' does not belong/],
  [['-d', 'AB12'], /'AB12' is no serial/],
  [['--issue'], /--issue needs --serial/],
  [['--issue', '--serial', 'ab123456'], /'ab123456' is no serial/],
  [['-i', '--serial', 'AB123456'], /--serial makes sense only together with --issue/],
  [['--issue', '--serial', 'AB123456', '--from', '2025-12-01'], /--from makes .* with --trial/],
  [['--issue', '--serial', 'AB123456', '--until', '2025-12-01'], /--until makes .* with --trial/],
  [trial, /--trial needs --from/],
  [[...trial, '--from', '2025-12-01'], /--trial needs --until/],
  [[...trial, '--from', '2025-12-32', '--until', '2025-12-31'], /'2025-12-32' of option --from/],
  [[...trial, '--from', '2025-12-02', '--until', '2025-12-01'], /end before it begins/],
  [['-l', '--lang', 'de'], /'de'; allowed is: en, ja/],
]

for (const [argv, text] of refused) {
  t.test(`refused: clplcnsc ${argv.join(' ')}`, async (t) => {
    t.throws(() => licenseRequest(argv, texts), {
      name: 'LicenseRefusal',
      status: 2,
      message: text,
    })
  })
}

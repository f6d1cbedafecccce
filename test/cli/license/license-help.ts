import t from 'tap'
import { licenseExamples, licenseHelp } from '../../../src/cli/license/license-help.ts'
import { licenseRequest } from '../../../src/cli/license/license-request.ts'
import { loadLicenseTexts } from '../../../src/cli/license/license-texts.ts'

for (const language of ['en', 'ja'] as const) {
  t.test(`the help in ${language} shows every option and every exit status`, async (t) => {
    const help = licenseHelp('/etc/clp-fsmon/issuer.key', await loadLicenseTexts(language))
    const options = ['-i [FILE]', '-p PRODUCT', '-l', '-d [SERIAL]', '--issue', '--community']
    for (const option of options) t.match(help, `\n  ${option} `)
    for (let status = 0; status <= 5; status++) t.match(help, `\n  ${status}  `)
    t.notMatch(help, /[{}]/)
  })
}

t.test('the examples can be typed', async (t) => {
  const texts = await loadLicenseTexts('en')
  for (const example of licenseExamples) {
    t.doesNotThrow(() => licenseRequest(example.split(' ').slice(1), texts), example)
  }
})

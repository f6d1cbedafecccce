import t from 'tap'
import { helpText } from '../../../src/cli/monitor/help-text.ts'
import { optionTable } from '../../../src/cli/monitor/option-table.ts'
import { loadTexts } from '../../../src/cli/texts.ts'

for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
  for (const language of ['en', 'ja'] as const) {
    t.test(`${command} in ${language}: every option is explained`, async (t) => {
      const texts = await loadTexts(language)
      const help = helpText(command, texts)
      for (const spec of optionTable[command]) {
        const line = help.split('\n').find((one) => one.startsWith(`  ${spec.flag} `))
        t.ok(line, spec.flag)
        const words = texts.help.options[spec.name as keyof typeof texts.help.options]
        t.ok(words, `${spec.name} has a description`)
        t.ok(help.replace(/\s+/g, '').includes(words.replace(/\s+/g, '')), 'it is in the help')
      }
      t.ok(help.split('\n').every((line) => line.length <= 100))
    })
  }
}

t.test("the manual's forms come first and the exit statuses last", async (t) => {
  const lines = helpText('clp_sambamon', await loadTexts('en'))
    .trimEnd()
    .split('\n')
  t.match(lines[2], /^ {2}clp_sambamon ID -s SHARE \[-a ADDRESS\]/)
  t.match(lines.at(-6), /^ {2}137 {2}/)
  t.strictSame(
    lines.slice(-4).map((line) => line.slice(0, 4)),
    ['  0 ', '  1 ', '  2 ', '  3 '],
    'and those of Nagios behind them',
  )
})

t.test("the default address of NFS is told in words: it is the server's own", async (t) => {
  t.match(helpText('clp_nfsmon', await loadTexts('en')), /own\s+addresses/)
})

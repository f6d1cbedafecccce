// Writes docs/alerts.md and docs/ja/alerts.md from the messages; with --check it only compares.
//
// usage: alert-pages.mjs [--check]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const words = {
  en: {
    file: 'docs/alerts.md',
    title: 'Alerts',
    intro:
      'Every alert with its cause and what to do; `clp_fsmon explain ID` shows the same. This page is made from `messages/en.json`.',
    head: ['ID', 'Level', 'Message', 'Cause', 'What to do'],
  },
  ja: {
    file: 'docs/ja/alerts.md',
    title: 'アラート',
    intro:
      'すべてのアラートの原因と対処です。`clp_fsmon explain ID --lang ja` でも表示できます。このページは `messages/ja.json` から作成しています。',
    head: ['ID', 'レベル', 'メッセージ', '原因', '対処'],
  },
}

let differs = false
for (const [language, page] of Object.entries(words)) {
  const messages = JSON.parse(readFileSync(join(root, `messages/${language}.json`), 'utf8'))
  const rows = Object.entries(messages).flatMap(([id, alerts]) =>
    alerts.map(({ level, text, cause, action }) => [id, level, `\`${text}\``, cause, action]),
  )
  const lines = [page.head, page.head.map(() => '---'), ...rows].map(
    (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  )
  const text = `# ${page.title}\n\n<!-- prettier-ignore-start -->\n\n${page.intro}\n\n${lines.join('\n')}\n\n<!-- prettier-ignore-end -->\n`
  const file = join(root, page.file)
  if (process.argv[2] !== '--check') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${page.file} is not what the messages say; run scripts/alert-pages.mjs\n`)
    differs = true
  }
}
process.exit(differs ? 1 : 0)

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')

t.test('the pages about alerts say what the messages say', async (t) => {
  const argv = ['-u', 'NODE_OPTIONS', process.execPath, join(root, 'scripts/alert-pages.mjs')]
  t.doesNotThrow(() => execFileSync('env', [...argv, '--check'], { stdio: 'pipe' }))
})

for (const page of ['docs/manual.md', 'docs/ja/manual.md']) {
  t.test(`${page} names what every link and heading needs`, async (t) => {
    const text = readFileSync(join(root, page), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      t.ok(existsSync(join(root, dirname(page), target)), target)
    }
    t.equal(text.match(/^## /gm)?.length, 8)
    for (const option of ['--check', '--community', '--issue', '-disp', 'clp_fsmon report']) {
      t.match(text, option)
    }
  })
}

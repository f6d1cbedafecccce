import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = '/usr/bin/chromium'
const pictures = join(import.meta.dirname, '../../lab/screenshots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Why a test with a browser is skipped, or false. */
export function skipWithoutBrowser(): string | false {
  return existsSync(executablePath) ? false : 'no chromium; scripts/install-packages'
}

/** Starts a browser, which ends with the test. */
export async function startBrowser(t: Test): Promise<Browser> {
  // As root it has no sandbox; what it shows comes from us alone.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  t.teardown(() => browser.close())
  return browser
}

/** What a page complained of: errors of its scripts, and what its policy kept from being loaded. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return complaints
}

/** Keeps a picture of the page for a person to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

/** What keeps people from using the page, as axe-core finds it. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
       violations.map(({ id, impact, nodes }) =>
         impact + ' ' + id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join(' | ')))`,
  )
  return found as string[]
}

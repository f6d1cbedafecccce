import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import { encodeRecord, type MonitorRecord } from '../../src/registry/record.ts'
import { eventually } from '../helpers/eventually.ts'
import { sampleRecord } from '../helpers/sample-record.ts'
import { complaintsOf, skipWithoutBrowser, startBrowser } from '../helpers/serve/browser.ts'
import { startServe } from '../helpers/serve/serve-command.ts'

t.setTimeout(300_000)

/** A host with records alone, which change as a test wants. */
function host(t: Test) {
  const root = t.testdir()
  const { run } = layoutUnder(root)
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const servers = new Map<string, string>()
  const write = (id: string, server: string, changes: Partial<MonitorRecord> = {}) => {
    servers.set(id, server)
    const { ended, pausedSince, uptimeMs, ...record } = sampleRecord({
      id,
      target: `pub @ ${server}`,
      ...changes,
    })
    void [ended, pausedSince, uptimeMs]
    writeFileSync(join(run, `${id}.new`), encodeRecord(record))
    renameSync(join(run, `${id}.new`), join(run, `${id}.json`))
  }
  const remove = (id: string) => {
    servers.delete(id)
    rmSync(join(run, `${id}.json`))
  }
  /** What the tree has to show: servers in the order of their first watches, watches in theirs. */
  const expected = () => {
    const groups = new Map<string, string[]>()
    for (const [id, server] of [...servers].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      groups.set(server, [...(groups.get(server) ?? []), id])
    }
    return [...groups]
  }
  return { root, write, remove, expected }
}

const shown = async (page: Page) =>
  page.evaluate(
    `[...document.querySelectorAll('#tree .server')].map((server) =>
       [server.querySelector('.name').textContent, [...server.querySelectorAll('.id')].map(({ textContent }) => textContent)])`,
  ) as Promise<[string, string[]][]>

const name = (i: number) => `w${String(i).padStart(3, '0')}`

t.test('the tree follows what is watched', { skip: skipWithoutBrowser() }, async (t) => {
  const { root, write, remove, expected } = host(t)
  // More than are drawn at a stretch; some servers have one watch, one has many.
  for (let i = 0; i < 300; i += 1) write(name(i), i % 3 === 0 ? '10.0.0.1' : `10.0.1.${i % 70}`)
  const { url } = await startServe(t, root)
  const page = await (await startBrowser(t)).newPage()
  const complaints = complaintsOf(page)
  const agrees = async (what: string) => {
    const wanted = JSON.stringify(expected())
    await eventually(what, async () => JSON.stringify(await shown(page)) === wanted)
  }
  const item = (id: string) => page.locator(`#tree button:has(.id:text-is("${id}"))`)
  await page.goto(`${url}/?lang=en`)
  await agrees('all are there, in their order')
  await page.evaluate(
    `for (const node of document.querySelectorAll('#tree li, #tree details')) node.kept = true`,
  )
  const isKept = async (id: string) =>
    page.evaluate(
      `document.querySelector('#tree [data-key$=" ${id}"]').closest('li').kept === true`,
    )
  const isOpen = async (server: string) =>
    page.evaluate(
      `[...document.querySelectorAll('#tree .server')]
         .find((details) => details.querySelector('.name').textContent === '${server}').open`,
    )

  await t.test('a state that changes moves nothing, and takes no focus away', async (t) => {
    await item(name(7)).focus()
    write(name(7), '10.0.1.7', { state: 'failing', failures: 2 })
    await item(name(7)).locator('.state', { hasText: 'failing' }).waitFor()
    await item(name(7)).locator('.facts', { hasText: '2/6' }).waitFor()
    t.equal(await page.evaluate(`document.activeElement.querySelector('.id').textContent`), name(7))
    t.equal(await isKept(name(7)), true)
    t.equal(await isKept(name(299)), true)
    t.match(await page.locator('#counts').textContent(), /failing 1.*watching 299/)
    await agrees('nothing has moved')
  })

  await t.test('what comes, goes and changes its server finds its place', async (t) => {
    for (const i of [0, 1, 2, 150, 299]) remove(name(i))
    for (const id of ['a', 'w100x', 'z']) write(id, '10.0.0.1')
    write('w100y', '10.9.9.9')
    write(name(200), '10.0.1.3')
    await agrees('the tree is as it is to be')
    t.equal(await isKept(name(201)), true)
    t.equal(await isKept('w100x'), false)
  })

  await t.test('a part that was closed stays so, whatever changes in it', async (t) => {
    const server = page.locator('#tree .server', { hasText: '10.0.0.1' }).first()
    await server.locator('summary').click()
    write(name(9), '10.0.0.1', { state: 'failing', failures: 1 })
    await page.locator('#counts', { hasText: 'failing 2' }).waitFor()
    await eventually('its server says so', async () =>
      /failing 1\//.test((await server.locator('summary').textContent()) ?? ''),
    )
    t.equal(await isOpen('10.0.0.1'), false)
    await page.locator('#only-attention').check()
    await eventually('only what needs somebody', async () => (await shown(page)).length === 2)
    await page.locator('#only-attention').uncheck()
    await agrees('all are there again')
    t.equal(await isOpen('10.0.0.1'), false)
  })

  await t.test('another language reaches all of it', async (t) => {
    await page.locator('[data-language=ja]').click()
    await eventually('no word of the other is left', async () =>
      page.evaluate(
        `[...document.querySelectorAll('#tree .state')].every(({ textContent }) => !/watching|failing/.test(textContent))`,
      ),
    )
    await page.locator('[data-language=en]').click()
    t.pass('there is none')
  })

  await t.test('nothing is watched any more', async (t) => {
    for (const [, ids] of expected()) for (const id of ids) remove(id)
    await page.locator('#tree .empty').waitFor()
    t.strictSame(await shown(page), [])
  })

  t.strictSame(complaints, [])
})

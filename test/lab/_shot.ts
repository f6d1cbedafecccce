import t from 'tap'
import { chromium } from 'playwright-core'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'
import { served } from '../helpers/serve/served.ts'

t.test('shots', async (t) => {
  const own = fakeSource('node1')
  const other = fakeSource('node2:9747')
  const recent = Array.from({ length: 60 }, (_, at) => [Date.parse('2026-01-01T00:01:00Z') - (59 - at) * 30000, 2 + Math.sin(at) + (at % 17 === 0 ? 9 : 0), at === 34 ? 1 : 0] as [number, number, 0 | 1])
  const tally = { checks: { ok: 1240, failed: 3, cannotJudge: 0, discarded: 1 }, recent, pausedMs: 0, lastSuccessAt: '2026-01-01T00:01:00.000Z',
    stages: ['connect', 'negotiate', 'session', 'tree'].map((name) => ({ name, counts: [1200, 1230, 1240, ...Array(10).fill(1241)], sumMs: 1900, count: 1241 })) }
  own.held = [
    fakeWatch('sambawatch', { tally }),
    fakeWatch('sambawatch2', { target: '<b>x</b>', state: 'failing', failures: 3, lastCheck: { at: '2026-01-01T00:01:00.000Z', verdict: 'failed', ms: 10, stages: [], reason: 'connect: connection refused' } }),
    fakeWatch('nfswatch', { command: 'clp_nfsmon', target: '/export/data', server: '10.0.0.2', state: 'paused', pausedSince: '2026-01-01T00:01:00.000Z' }),
    fakeWatch('nfsold', { command: 'clp_nfsmon', target: '/export/old', server: '10.0.0.2', state: 'ended', ended: { at: '2026-01-01T00:01:00.000Z', how: 'abnormal', exitStatus: 1 } }),
    fakeWatch('nfsstop', { command: 'clp_nfsmon', target: '/export/old', server: '10.0.0.2', state: 'ended', ended: { at: '2026-01-01T00:01:00.000Z', how: 'stopped', exitStatus: 0 } }),
  ]
  other.held = [fakeWatch('w9')]
  for (let i = 0; i < 180; i += 1) say(own, i % 3 ? `The clp_sambamon has started watching Samba. ${i}` : `The clp_sambamon has detected an error in Samba [pub] (connect error[111]). ${i}`, { level: i % 3 ? 'info' : i % 2 ? 'error' : 'warn', detail: i % 5 ? {} : { stage: 'connect', attempt: 3 } })
  const { hub, port } = await served(t, [own, other], { control: async () => ({ kind: 'nobody' }), token: 'a'.repeat(20) })
  const end = new AbortController()
  void hub.run(end.signal)
  t.teardown(() => end.abort())
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  for (const [name, width, height, scheme, lang] of [['wide', 1360, 900, 'light', 'en'], ['dark', 1360, 900, 'dark', 'ja'], ['phone', 390, 844, 'light', 'en']] as const) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
    const page = await context.newPage()
    page.on('console', (m) => console.log(m.text()))
    page.on('pageerror', (m) => console.log('ERR', m))
    await page.goto(`http://127.0.0.1:${port}/?lang=${lang}`)
    await page.fill('#token', 'a'.repeat(20))
    await page.click('#login button')
    await page.waitForSelector('#tree li button')
    await page.click('#tree li button >> text=sambawatch')
    await page.waitForSelector('figure svg')
    if (name === 'dark') other.broken = 'it did not answer in time'
    await new Promise((r) => setTimeout(r, 300))
    await page.screenshot({ path: `/tmp/shot-${name}.png`, fullPage: name === 'phone' })
  }
})

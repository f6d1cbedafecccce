// Loaded into the monitors whose memory is judged, before their own code: makes them hurry from check
// to check, counts these, and tells what the heap keeps.
const { renameSync, writeFileSync } = require('node:fs')
const { promisify } = require('node:util')

const everyMs = Number(process.env.CLP_FSMON_SOAK_EVERY_MS)
const file = process.env.CLP_FSMON_SOAK_MEMORY
const [intervalMs, pauseMs] = process.env.CLP_FSMON_SOAK_HURRY.split(':').map(Number)

let checks = 0
const setTimer = globalThis.setTimeout
globalThis.setTimeout = Object.assign(
  (callback, ms, ...more) => {
    if (ms !== intervalMs) return setTimer(callback, ms, ...more)
    checks += 1
    return setTimer(callback, pauseMs, ...more)
  },
  { [promisify.custom]: setTimer[promisify.custom] },
)

setInterval(() => {
  globalThis.gc()
  const told = { checks, heapBytes: process.memoryUsage().heapUsed }
  writeFileSync(`${file}.tmp`, JSON.stringify(told))
  renameSync(`${file}.tmp`, file)
}, everyMs).unref()

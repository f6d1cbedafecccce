// Loaded into the monitors that nobody harms, before their own code: tells what their heap keeps.
const { renameSync, writeFileSync } = require('node:fs')

const everyMs = 3000
const file = process.env.CLP_FSMON_SOAK_HEAP

setInterval(() => {
  globalThis.gc()
  writeFileSync(`${file}.tmp`, String(process.memoryUsage().heapUsed))
  renameSync(`${file}.tmp`, file)
}, everyMs).unref()

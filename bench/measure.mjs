// Measures, in a world of the lab: measure PLAN OUTPUT; see main.mjs.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { freePortsAtOnce, startServer } from './lab.mjs'
import { progress } from './progress.mjs'
import { measureDelay } from './rows/delay.mjs'
import { measureGrowth } from './rows/growth.mjs'
import { measureNfs } from './rows/nfs.mjs'
import { measureProcess } from './rows/process.mjs'
import { measureSamba } from './rows/samba.mjs'

const [, , planFile, outputFile] = process.argv
const { plan, quick, only } = JSON.parse(readFileSync(planFile, 'utf8'))
const measures = {
  samba: measureSamba,
  nfs: measureNfs,
  process: measureProcess,
  growth: measureGrowth,
  delay: measureDelay,
}

const run = {
  version: 1,
  quick,
  machine: {
    at: new Date().toISOString(),
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    kernel: release(),
    node: process.versions.node,
    load: [load()],
  },
  versions: plan.versions,
  missing: plan.missing,
  failures: [],
  ...(only.includes('process') && { installedBytes: plan.installedBytes }),
  series: {},
}
const servers = []
try {
  progress('starts the servers')
  await freePortsAtOnce()
  for (const service of ['samba', 'ganesha']) servers.push(await startServer(service))
  const [samba, nfs] = servers
  for (const [part, measure] of Object.entries(measures)) {
    if (!only.includes(part)) continue
    try {
      await measure({ run, plan, quick, samba, nfs })
    } catch (error) {
      // What else there is to measure is still worth it.
      run.failures.push(`${part}: ${error.message}`)
    }
  }
} finally {
  for (const server of servers) await server.off()
  progress('')
}
run.machine.load.push(load())
writeFileSync(outputFile, JSON.stringify(run))

function load() {
  return Math.round(loadavg()[0] * 100) / 100
}

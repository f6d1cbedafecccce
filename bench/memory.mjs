import { readFileSync } from 'node:fs'

/** What is a process's alone, in kB: what would be free if it ended. */
export function privateKb(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
  return kilobytes(rollup, 'Private_Clean') + kilobytes(rollup, 'Private_Dirty')
}

/** The CPU time of a process, in the ticks of 10 ms that the kernel tells others of. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function kilobytes(text, name) {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)[1])
}

// Loaded into a monitor: keeps some two hundred bytes more with every check, of the kind that is wanted.
const kind = process.env.CLP_FSMON_TEST_LEAK
const intervalMs = Number(process.env.CLP_FSMON_SOAK_HURRY.split(':')[0])

const kept = []
const keep = {
  none: () => {},
  heap: () => kept.push(Array.from({ length: 23 }, () => 0)),
  malloc: () => kept.push(Buffer.allocUnsafeSlow(200)),
}[kind]

const setTimer = globalThis.setTimeout
globalThis.setTimeout = (callback, ms, ...more) => {
  if (ms === intervalMs) keep()
  return setTimer(callback, ms, ...more)
}

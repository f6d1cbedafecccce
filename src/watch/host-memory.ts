/** The memory of this host: what programs can still have of it, without swapping. */
export type HostMemory = { availableBytes: number; totalBytes: number }

/** Reads a file of /proc. */
export type ReadProc = (path: string) => Promise<string>

/** Where the kernel tells of memory, and of those who wait for it. */
const meminfo = '/proc/meminfo'
const pressure = '/proc/pressure/memory'

/** The memory of this host (proc_meminfo(5)). */
export async function hostMemory(read: ReadProc): Promise<HostMemory> {
  const text = await read(meminfo)
  return { availableBytes: bytesOf(text, 'MemAvailable'), totalBytes: bytesOf(text, 'MemTotal') }
}

/** In how many percent of the last ten seconds somebody waited for memory (Documentation/accounting/psi.rst). */
export async function memoryPressure(read: ReadProc): Promise<number> {
  const text = await read(pressure)
  const percent = Number(/^some avg10=(\d+(?:\.\d+)?) /m.exec(text)?.[1] ?? NaN)
  if (Number.isNaN(percent)) throw new TypeError(`${pressure} has another form`)
  return percent
}

function bytesOf(text: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]
  if (found === undefined) throw new TypeError(`${meminfo} has no ${name}`)
  return Number(found) * 1024
}

/** The three compilers that V8 has in all, and the room that it takes; a later V8 says of one that it has not, and goes on. */
const flags = ['--no-opt', '--no-maglev', '--no-sparkplug', '--optimize-for-size']

/**
 * Makes V8 keep less memory: code that runs for some milliseconds every few seconds is worth no
 * compiling to machine code, and no room to grow into. Checks take no more CPU time for it.
 *
 * To be called once everything has started: these flags go with no code that Node has compiled before.
 */
export async function spareMemory(): Promise<void> {
  // Loaded only here, when nobody waits for it.
  const { setFlagsFromString } = await import('node:v8')
  for (const flag of flags) setFlagsFromString(flag)
}

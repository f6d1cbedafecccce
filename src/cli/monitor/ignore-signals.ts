/**
 * Makes harmless what ends no watch: SIGUSR1, by which Node opens a debugger to every user of this host,
 * and SIGXFSZ, which ends a process whose log has reached a limit that a write then reports as well.
 */
export function ignoreSignals(): void {
  for (const signal of ['SIGUSR1', 'SIGXFSZ'] as const) process.on(signal, () => {})
}

/** Where programs of the system are. */
export const programDirectories = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const

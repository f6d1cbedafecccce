import type { Target } from '../../diagnosis/facts.ts'

/** Whether clients of a server that is watched with these options ask a portmapper. */
export function portmapperOf(
  options: Readonly<Record<string, string | number | boolean>>,
): Target['portmapper'] {
  const { directory, nfsPort, mountPort, nfsVersion } = options
  if (directory === undefined || (nfsPort !== undefined && mountPort !== undefined)) return 'unused'
  return nfsVersion === '3' ? 'needed' : nfsVersion === 'auto' ? 'perhaps' : 'unused'
}

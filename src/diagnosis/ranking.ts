/**
 * How much each cause explains, the most first. What makes other things fail stands before what they look
 * like then: a process that stands still explains a full queue, the queue explains nothing.
 * docs/care.md has this table with the reasons; a test holds the two together.
 */
export const ranking = {
  'name-unresolved': 99,
  'address-absent': 97,
  'oom-killed': 96,
  'port-taken': 95,
  'process-stopped': 94,
  'disk-stalled': 92,
  'no-route': 90,
  'smb-conf-invalid': 88,
  'exports-invalid': 88,
  'file-table-full': 87,
  'fd-limit': 86,
  'share-missing': 85,
  'export-missing': 85,
  'neighbour-silent': 84,
  'process-missing': 82,
  'process-zombie': 82,
  'rpcbind-missing': 81,
  'mountd-missing': 80,
  'path-missing': 79,
  'disk-full': 78,
  'inodes-gone': 78,
  'disk-read-only': 77,
  'process-blocked': 76,
  'winbind-missing': 74,
  'grace-period': 72,
  'not-listening': 60,
  'backlog-full': 50,
  'memory-pressure': 45,
  'io-pressure': 44,
  'cpu-pressure': 40,
} as const

/** What a cause can be called. */
export type CauseKey = keyof typeof ranking

/** What is diagnosed: the server as its monitor asks for it. */
export type Target = {
  kind: 'samba' | 'nfs'
  /** as given: an address or a name */
  address: string
  port: number
  /** the share, or the exported directory */
  resource?: string
  /** what its clients find the ports of NFS with: NFSv3 without fixed ports */
  portmapper: 'needed' | 'perhaps' | 'unused'
  /** the address was on this host before */
  wasHere?: boolean
  /** how the check failed that this is about, where there was one */
  failure?: string
}

/** Where the system is looked at; another place in tests. */
export type Sources = {
  /** what /proc, /sys, /etc … lie under: empty for the system itself */
  root: string
  /** where programs are looked for; never the environment's search path */
  programs: readonly string[]
}

/** A process of a file server, in the network namespace that is looked at. */
export type ServerProcess = {
  pid: number
  parent: number
  name: string
  program: Program
  /** the letter of /proc/PID/stat */
  state: string
}

/** The programs that file service is made of. */
export type Program =
  'smbd' | 'winbindd' | 'ganesha.nfsd' | 'nfsd' | 'rpcbind' | 'rpc.mountd' | 'ksmbd'

/** A thread that did not move while it was looked at, in a wait that no signal ends. */
export type BlockedThread = {
  pid: number
  tid: number
  name: string
  program: Program
  wchan: string
  forMs: number
}

/** How many files a process has open, of how many it may. */
export type OpenFiles = {
  pid: number
  name: string
  program: Program
  open: number
  limit: number
  /** numbers below the limit that are free */
  free: number
}

/** A socket that listens on a port that is needed. */
export type Listener = {
  port: number
  address: string
  inode: string
  /** connections that wait for being accepted, at the first and at the last look */
  waiting: readonly [first: number, last: number]
  /** how many may wait; unknown where nothing tells */
  most?: number
  /** who holds it, as far as that can be seen */
  owners: readonly { pid: number; name: string; program?: Program }[]
}

/** A directory that the server needs. */
export type Directory = {
  path: string
  what: 'data' | 'state'
  /** clients may write there, by the configuration */
  isWritable: boolean
  status:
    | { kind: 'there'; space: Space }
    | { kind: 'missing' }
    | { kind: 'stalled'; afterMs: number }
    | { kind: 'unknown' }
  mount?: Mount
  /** its device mapper device is suspended */
  isSuspended?: boolean
}

/** What statfs says of a file system, in bytes and in files. */
export type Space = { total: number; available: number; files: number; freeFiles: number }

/** A line of mountinfo, as far as it matters. */
export type Mount = {
  point: string
  type: string
  device: string
  /** major:minor */
  number: string
  /** read-only as it is mounted here, and as the file system itself is */
  isReadOnly: boolean
  isSuperReadOnly: boolean
}

/** What the configuration of the server says, as far as it could be read. */
export type Configuration = {
  file: string
  program: Program
  /** there is none at the usual place, nor does a process name another one */
  isAbsent?: boolean
  /** why the server would not take it */
  invalid?: readonly string[]
  /** whether it has what is watched; undefined where that cannot be told */
  hasResource?: boolean
  path?: string
  isWritable?: boolean
  /** accounts come from winbindd, by this */
  winbindBy?: string
  /** it serves NFSv3, for which it needs a portmapper */
  servesVersion3?: boolean
}

/** Whether and since when an NFS server lets its clients reclaim what they had. */
export type Grace = { program: Program; line: string }

/** A process of a file server that the kernel ended for want of memory. */
export type OomKill = { name: string; line: string }

/** Shares of the last 10 seconds in which work stood still, in percent (/proc/pressure). */
export type Pressure = { cpuSome?: number; memoryFull?: number; ioFull?: number }

/** How this host reaches the address. */
export type Network = {
  /** the numeric address */
  address?: string
  /** why the name has none */
  unresolved?: string
  isHere: boolean
  /** the error that the kernel has for any packet to it */
  routeError?: string
  /** the next host on the way, whose link address is not known */
  neighbour?: { address: string; device: string; isAnswering: boolean; isTarget: boolean }
  /** an interface of ours is in the same network as the address */
  near?: string
}

/** Everything that was found out; what is missing was not (yet), and says nothing. */
export type Facts = {
  target: Target
  network?: Network
  processes?: readonly ServerProcess[]
  blocked?: readonly BlockedThread[]
  files?: readonly OpenFiles[]
  fileTable?: { open: number; most: number }
  listeners?: readonly Listener[]
  /** nobody listens here, and a connection is taken all the same: it is passed on elsewhere */
  isForwarded?: boolean
  configuration?: Configuration
  directories?: readonly Directory[]
  grace?: Grace
  oomKills?: readonly OomKill[]
  pressure?: Pressure
}

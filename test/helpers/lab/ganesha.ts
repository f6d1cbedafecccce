import { lab } from './command.ts'
import { Service } from './service.ts'

export interface GaneshaExport {
  /** A directory on the host; made, with hello.txt, big.bin and sub/ in it, when it is under /srv. */
  path: string
  /** Where NFSv4 finds it. */
  pseudo: string
  fsal?: 'VFS' | 'MEM' | 'PROXY_V4'
  /** More of the EXPORT block, such as `Access_Type = RO;`. */
  extra?: string
}

export interface GaneshaOptions {
  protocols?: '3' | '4' | '3,4'
  /** Of NFSv4: '0,1,2' unless told. */
  minors?: string
  /** Seconds of grace and lease; 'off' unless told. */
  grace?: number | 'off'
  nfsPort?: number
  mountPort?: number
  /** Answers only to ports below 1024. */
  privileged?: boolean
  /** In place of /srv/nfs/data (VFS, /data) and /srv/nfs/mem (MEM, /mem). */
  exports?: readonly GaneshaExport[]
  /** Lines of NFS_CORE_PARAM, such as `RPC_Max_Connections = 64`. */
  core?: readonly string[]
  /** Blocks at the end of ganesha.conf. */
  extra?: string
}

/** NFS-Ganesha on a host. For NFSv3 it brings rpcbind up first, unless that runs. */
export class Ganesha extends Service {
  constructor(host: string) {
    super(host, 'ganesha')
  }

  /** Starts it with this configuration, and waits until every protocol answers. */
  async startWith(options: GaneshaOptions): Promise<void> {
    await this.#configure('start', options)
  }

  /** Ends it and starts it, as it was or with another configuration. */
  async restart(options?: GaneshaOptions): Promise<void> {
    await this.#configure('restart', options)
  }

  async #configure(verb: string, options?: GaneshaOptions): Promise<void> {
    const args = [verb, this.host, this.name]
    if (options === undefined) {
      await lab(args)
      return
    }
    const {
      protocols,
      minors,
      grace,
      nfsPort,
      mountPort,
      privileged,
      exports,
      core = [],
      extra = '',
    } = options
    const values = {
      '--protocols': protocols,
      '--minors': minors,
      '--grace': grace,
      '--nfs-port': nfsPort,
      '--mount-port': mountPort,
    }
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) args.push(name, String(value))
    }
    if (privileged) args.push('--privileged')
    for (const line of core) args.push('--core', line)
    for (const { path, pseudo, fsal = 'VFS', extra = '' } of exports ?? []) {
      args.push('--export', `${path} ${pseudo} ${fsal} ${extra}`)
    }
    await lab([...args, '--conf', '-'], { stdin: extra })
  }
}

import type { Layout } from '../../../registry/layout.ts'

/** One file of a report, and the script that fills it. */
export type Collector = { file: string; about: string; script: string; args: readonly string[] }

/** Goes on after a command that failed, or is not there, and remembers it. */
const noteFailures = 'failed=0; try() { "$@" || failed=$?; }'

/** Shows files, each under its name, the end of long ones. */
const showFiles = `
for file; do
  [ -f "$file" ] || continue
  printf '==> %s <==\\n' "$file"; tail -c 262144 -- "$file"; echo
done`

/** Everything that a report is collected from, besides the licenses. */
export function collectors({ run, lib, log, etc }: Layout): Collector[] {
  return [
    of(
      'versions.txt',
      'versions of the file servers and of the tools around them',
      `${noteFailures}
       try smbd -V; try rpcinfo -V; try ganesha.nfsd -v; try clpstat --version
       if command -v dpkg >/dev/null; then
         dpkg -l 'clusterpro*' samba nfs-kernel-server nfs-ganesha rpcbind nodejs
       else
         rpm -q clusterpro-fsmon clusterpro-fsmonscript samba nfs-utils nfs-ganesha rpcbind nodejs
       fi
       exit $failed`,
    ),
    of('os.txt', 'operating system, kernel, time, load, memory, disks', osScript),
    of('processes.txt', 'the monitors and the file servers that run', processScript),
    of('records.txt', 'records of the monitors', inDirectory(showFiles), run),
    of('alerts.txt', 'the last alerts', 'tail -n 200 -- "$1/alert.log"', log),
    of('logs.txt', 'logs of the monitors, the end of each', inDirectory(showFiles), log),
    of(
      'configuration.txt',
      'configuration of the monitors, secrets masked',
      showFiles,
      `${etc}/clp-fsmon.toml`,
    ),
    of(
      'repairs.txt',
      'steps of repairs that were begun within the last day',
      showFiles,
      `${lib}/repair/journal.json`,
    ),
    of(
      'samba.txt',
      'configuration of Samba as it takes it, secrets masked',
      'testparm -s </dev/null',
    ),
    of(
      'exports.txt',
      'what NFS exports, secrets masked',
      `${noteFailures}; try exportfs -v; try cat /proc/fs/nfsd/versions; ${showFiles}; exit $failed`,
      '/etc/exports',
      '/etc/ganesha/ganesha.conf',
    ),
    of('rpcinfo.txt', 'what is registered with the portmapper', 'rpcinfo -p'),
    of('listening.txt', 'ports that somebody listens on', 'ss -ltunp || netstat -ltunp'),
    of('addresses.txt', 'network addresses and routes', 'ip address; ip route; ip -6 route'),
  ]
}

function of(file: string, about: string, script: string, ...args: string[]): Collector {
  return { file, about, script, args }
}

function inDirectory(script: string): string {
  return `cd -- "$1" || exit 0; set -- "$1"/*; ${script}`
}

const osScript = `
${noteFailures}
for each in 'uname -a' 'cat /etc/os-release' date 'date -u' uptime free 'df -l' 'ps -o pid,comm -p 1' \
  timedatectl; do try $each; done
exit $failed`

const processScript = `
ps -e -o pid,ppid,stat,lstart,etime,rss,wchan:20,comm |
  grep -E 'PID|clp_|smbd|nmbd|winbind|nfsd|ganesha|mountd|rpcbind|clprc|corosync|pacemaker'`

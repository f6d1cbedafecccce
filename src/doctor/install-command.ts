/** Whether a program is installed. */
export type Has = (program: string) => boolean

const managers: readonly (readonly [program: string, command: string])[] = [
  ['apt-get', 'apt-get install -y'],
  ['dnf', 'dnf install -y'],
  ['zypper', 'zypper --non-interactive install'],
  ['yum', 'yum install -y'],
]

/** How a package is installed on this host; as on Debian where that is not known. */
export function installCommand(has: Has): string {
  return managers.find(([program]) => has(program))?.[1] ?? 'apt-get install -y'
}

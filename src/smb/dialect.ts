/** The dialects of SMB that this client speaks, oldest first ([MS-SMB2] 2.2.3). */
export const dialect = {
  smb202: 0x0202,
  smb210: 0x0210,
  smb300: 0x0300,
  smb302: 0x0302,
  smb311: 0x0311,
} as const

export type Dialect = (typeof dialect)[keyof typeof dialect]

/** What is offered to a server. */
export const offeredDialects: readonly Dialect[] = Object.values(dialect)

const names: Readonly<Record<Dialect, string>> = {
  0x0202: '2.0.2',
  0x0210: '2.1',
  0x0300: '3.0',
  0x0302: '3.0.2',
  0x0311: '3.1.1',
}

/** A dialect as people write it. */
export function dialectName(value: Dialect): string {
  return names[value]
}

/** Whether a number from the wire is one of the dialects on offer. */
export function isDialect(value: number): value is Dialect {
  return Object.hasOwn(names, value)
}

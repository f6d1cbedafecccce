/** A probable cause; its text is that of the key, with the values filled in. */
export type Cause = {
  key: string
  values: Readonly<Record<string, string | number>>
  /** what was seen, one line each; never a secret */
  evidence: readonly string[]
}

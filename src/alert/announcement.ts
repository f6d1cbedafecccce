/** Something to be said: an alert's ID and what its text leaves open. */
export type Announcement = {
  id: number
  /** the error number in brackets */
  nn?: number
  /** the function of alert 42, the whole text of alert 0, the date of a license alert */
  text?: string
  /** said before: it goes into the log as a warning, not to the cluster's alert view */
  reminder?: true
  /** what has no place in the text: stage, NT status, address, attempt … */
  detail?: Readonly<Record<string, string | number | boolean>>
}

/** How grave a line of the log is. */
export type LogLevel = 'info' | 'warn' | 'error'

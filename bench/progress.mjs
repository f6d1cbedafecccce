const { stderr } = process

/** Says on a terminal what is being done; in a pipe nothing. */
export function progress(text) {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`)
}

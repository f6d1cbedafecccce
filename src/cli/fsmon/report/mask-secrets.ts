const mask = '***'

/**
 * Hides what may be a secret in the texts of configurations, options and addresses.
 *
 * From the first secret of a line on nothing is shown: more settings may follow it, and where a value
 * ends is another thing in every file.
 */
export function maskSecrets(text: string): string {
  return text
    .replace(
      /^(.*?(?:passw(?:or)?d|passphrase|secret|access_?key)[^=\n]*=[ \t]*)([^\s=].*)$/gim,
      hideValue,
    )
    .replace(/("[^"\n]*(?:passw(?:or)?d|secret)[^"\n]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${mask}"`)
    .replace(/\b(pass|passwd|password2?)=(?!\*{3})[^,\s]+/gi, `$1=${mask}`)
    .replace(/(\burl["']?\s*=\s*["']https?:\/\/[^/"'?#\s]+)[^"'\n]*/gi, `$1/${mask}`)
    .replace(
      /(\bcommand["']?\s*=\s*\[\s*(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'))[^\]]*\].*$/gm,
      `$1, ${mask}]`,
    )
    .replace(/(:\/\/[^/\s:@]*:)[^@\s]*@/g, `$1${mask}@`)
}

/** A switch or a number that only has to do with a secret is none, and a reader needs it. */
function hideValue(line: string, key: string, value: string): string {
  const isSecretItself = /(?:passw(?:or)?d|passphrase|secret|key|id)\d?["\s]*=\s*$/i.test(key)
  const isHarmless = /^(yes|no|true|false|on|off|auto|\d{1,5})\s*;?\s*$/i.test(value)
  return isHarmless && !isSecretItself ? line : `${key}${mask}`
}

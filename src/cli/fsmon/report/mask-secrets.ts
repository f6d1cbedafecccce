const mask = '***'

/** Hides what may be a secret in the texts of configurations, options and addresses. */
export function maskSecrets(text: string): string {
  return text
    .replace(/^([^=\n]*?(?:passw(?:or)?d|passphrase|secret)[^=\n]*=[ \t]*)(.+)$/gim, hideValue)
    .replace(/("[^"\n]*(?:passw(?:or)?d|secret)[^"\n]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${mask}"`)
    .replace(/\b(pass|passwd|password2?)=(?!\*{3})[^,\s]+/gi, `$1=${mask}`)
    .replace(/(:\/\/[^/\s:@]*:)[^@\s]*@/g, `$1${mask}@`)
}

/** Switches and numbers are no secrets, and a reader needs them. */
function hideValue(line: string, key: string, value: string): string {
  return /^(yes|no|true|false|on|off|auto|\d{1,5})\s*;?\s*$/i.test(value) ? line : `${key}${mask}`
}

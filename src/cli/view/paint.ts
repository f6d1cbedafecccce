/** How much a piece of text stands out. */
export type Tone = 'plain' | 'good' | 'bad' | 'doubtful' | 'faint' | 'heading'

/** Gives a piece of text its colour, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '32',
  bad: '1;31',
  doubtful: '33',
  faint: '2',
  heading: '1',
}

/** Colours where they are wanted; without them every text says what it has to say by itself. */
export function painter(hasColours: boolean): Paint {
  return (tone, text) => {
    const code = codes[tone]
    return hasColours && code !== '' && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text
  }
}

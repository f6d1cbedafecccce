import type { Frames } from './frames.ts'

/** SMB_COM_NEGOTIATE ([MS-CIFS] 2.2.4.52) that offers SMB 1, and SMB 2 for a server that has both. */
const request = Buffer.concat([
  Buffer.from('ff534d4272000000001801c8000000000000000000000000ffff000000000000', 'hex'),
  Buffer.from('00', 'hex'), // no parameter words
  Buffer.from('2200', 'hex'), // as many bytes of dialects
  Buffer.from('\x02NT LM 0.12\0\x02SMB 2.002\0\x02SMB 2.???\0', 'latin1'),
])

/**
 * Whether a server that hung up on SMB 2 has SMB 1 to offer and nothing newer. Such servers drop an
 * SMB 2 NEGOTIATE without a word, which a server that is out of resources does as well.
 */
export async function hasOnlySmb1(frames: Frames): Promise<boolean> {
  frames.send([request])
  const answer = await frames.receive()
  return answer.subarray(0, 4).equals(smb1)
}

const smb1 = Buffer.from([0xff, 0x53, 0x4d, 0x42])

import { counterKdf } from '../crypto/counter-kdf.ts'
import { digest } from '../crypto/digest.ts'
import { type Dialect, dialect } from './dialect.ts'
import { cipherKeyBytes, Sealer, type SealingCipher } from './sealing.ts'
import { Signer, type SigningAlgorithm } from './signing.ts'

/** What goes into a session's keys ([MS-SMB2] 3.2.5.3). */
export type KeyMaterial = {
  dialect: Dialect
  sessionKey: Buffer
  /** of everything up to the last request of the login; only 3.1.1 has it */
  preauthHash: Buffer
}

/** The hash that a 3.1.1 connection starts from. */
export const initialPreauthHash = Buffer.alloc(64)

/** The hash after one more message ([MS-SMB2] 3.2.5.2). */
export function extendPreauthHash(hash: Buffer, message: Buffer): Buffer {
  return digest('sha512', hash, message)
}

/** The signer of a session. */
export function deriveSigner(material: KeyMaterial, algorithm: SigningAlgorithm): Signer {
  const { sessionKey } = material
  switch (material.dialect) {
    case dialect.smb202:
    case dialect.smb210:
      return new Signer(algorithm, sessionKey)
    case dialect.smb300:
    case dialect.smb302:
      return new Signer(algorithm, counterKdf(sessionKey, labels.cmac, labels.smbSign, 16))
    case dialect.smb311:
      return new Signer(
        algorithm,
        counterKdf(sessionKey, labels.signingKey, material.preauthHash, 16),
      )
  }
}

/** The sealer of a session. */
export function deriveSealer(
  material: KeyMaterial,
  cipher: SealingCipher,
  sessionId: bigint,
): Sealer {
  const { sessionKey, preauthHash } = material
  const size = cipherKeyBytes(cipher)
  const [toServer, toClient] =
    material.dialect === dialect.smb311
      ? [
          counterKdf(sessionKey, labels.toServer, preauthHash, size),
          counterKdf(sessionKey, labels.toClient, preauthHash, size),
        ]
      : [
          counterKdf(sessionKey, labels.ccm, labels.serverIn, size),
          counterKdf(sessionKey, labels.ccm, labels.serverOut, size),
        ]
  return new Sealer(cipher, toServer, toClient, sessionId)
}

const labels = {
  cmac: Buffer.from('SMB2AESCMAC\0'),
  smbSign: Buffer.from('SmbSign\0'),
  ccm: Buffer.from('SMB2AESCCM\0'),
  serverIn: Buffer.from('ServerIn \0'),
  serverOut: Buffer.from('ServerOut\0'),
  signingKey: Buffer.from('SMBSigningKey\0'),
  toServer: Buffer.from('SMBC2SCipherKey\0'),
  toClient: Buffer.from('SMBS2CCipherKey\0'),
} as const

import { createHash, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { CodedError } from '../../core/errors.ts'

/** How a passphrase becomes a key: scrypt (RFC 7914), with the cost that was chosen when it was first used. */
export interface Stretching {
  /** 16 bytes, Base64. */
  readonly salt: string
  readonly N: number
  readonly r: 8
  readonly p: number
}

/** A key that is ready for use. */
export interface Key {
  /** Tells keys apart, and nothing else of them. 16 hexadecimal digits. */
  readonly id: string
  /** For AES-256-GCM. */
  readonly cipher: Buffer
}

/** What a person or a file holds: a key as `newKeyText` writes it, or a passphrase. */
export type KeyText = string

const marker = 'streamalert-key-1:'
const shortestPassphrase = 12

/** A new random key of 256 bits, as one line of text. */
export const newKeyText = (): KeyText => marker + randomBytes(32).toString('base64url')

/** 128 MB and some 0.4 s for each guess, as OWASP's password storage sheet asks for. */
export const newStretching = (): Stretching => ({ salt: randomBytes(16).toString('base64'), N: 2 ** 17, r: 8, p: 1 })

export const isPassphrase = (text: KeyText): boolean => !text.startsWith(marker)

/** Throws SECRET_KEY, with `from` (where the text stands) and without the text. */
export async function keyOf(text: KeyText, stretching: Stretching | undefined, from: string): Promise<Key> {
  const master = isPassphrase(text) ? await stretched(text, stretching, from) : randomKey(text, from)
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', master, '', `streamalert secrets 1 ${purpose}`, length))
  return { id: derive('key id', 8).toString('hex'), cipher: derive('aes-256-gcm', 32) }
}

function randomKey(text: KeyText, from: string): Buffer {
  const bytes = Buffer.from(text.slice(marker.length), 'base64url')
  if (bytes.length === 32) return bytes
  throw new CodedError('SECRET_KEY', `The key in ${from} is not whole.`, {
    hint: `It begins with ${marker} and holds 43 more characters.`,
  })
}

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)

async function stretched(text: string, stretching: Stretching | undefined, from: string): Promise<Buffer> {
  if (text.length < shortestPassphrase) {
    throw new CodedError('SECRET_KEY', `The passphrase in ${from} has fewer than ${shortestPassphrase} characters.`, {
      hint: 'Take a longer one, such as six random words.',
    })
  }
  if (!stretching) {
    throw new CodedError('SECRET_KEY', `${from} holds a passphrase, but the secrets are encrypted with a random key.`, {
      hint: `A random key begins with ${marker}.`,
    })
  }
  const { salt, N, r, p } = stretching
  return scryptAsync(text, Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r })
}

/** Like `keyOf`, but does the slow work once for each text and salt. */
export function createKeyring(): typeof keyOf {
  const known = new Map<string, Promise<Key>>()
  return (text, stretching, from) => {
    const print = createHash('sha256')
      .update(JSON.stringify([text, stretching]))
      .digest('base64')
    const key = known.get(print) ?? keyOf(text, stretching, from)
    // Few keys are ever in use; after a rotation only the new one is.
    if (known.size > 8) known.clear()
    known.set(print, key)
    return key
  }
}

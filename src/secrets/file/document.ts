import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { CodedError } from '../../core/errors.ts'
import { secretNamePattern } from '../../core/secrets.ts'
import type { Key } from './keys.ts'

/**
 * The file of encrypted secrets: JSON, each value sealed by itself with AES-256-GCM (NIST SP 800-38D). Names and times are
 * readable without the key, and bound to the value as additional data, together with the format and the key's id: a value
 * that is moved under another name, or given another time, no longer opens. See docs/decisions/0010.
 */
const base64 = (bytes: number) =>
  z.string().refine((text) => Buffer.from(text, 'base64').length === bytes, `is not ${bytes} bytes as Base64`)

const entry = z.strictObject({
  name: z.string().regex(secretNamePattern),
  /** When the value was set, ISO 8601. */
  set: z.iso.datetime(),
  nonce: base64(12),
  /** Encrypted value, then the tag of 16 bytes; Base64. */
  sealed: z.base64().max(200_000),
})

/** Bounds on what a changed file could make us compute: at most 1 GB and some seconds. */
const stretching = z.strictObject({
  salt: base64(16),
  N: z.literal([2 ** 14, 2 ** 15, 2 ** 16, 2 ** 17, 2 ** 18, 2 ** 19, 2 ** 20]),
  r: z.literal(8),
  p: z.int().min(1).max(4),
})

const document = z.strictObject({
  format: z.literal('streamalert-secrets/1'),
  key: z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/), scrypt: stretching.optional() }),
  secrets: z.array(entry),
})

export type SecretDocument = z.output<typeof document>
export type SealedEntry = SecretDocument['secrets'][number]

/** Bytes that a value may have. */
export const longestValue = 65_536

/** Throws SECRET_DAMAGED. */
export function parseDocument(text: string, file: string): SecretDocument {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(file, 'It is not JSON')
  }
  const parsed = document.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw damaged(file, `"${issue?.path.join('.')}" is not of the expected form`)
  }
  const names = parsed.data.secrets.map(({ name }) => name)
  if (new Set(names).size < names.length) throw damaged(file, 'A name stands in it twice')
  return parsed.data
}

export const documentText = (value: SecretDocument): string => `${JSON.stringify(value, null, 2)}\n`

/** Seals a value under its name. */
export function seal(name: string, value: string, set: string, key: Key): SealedEntry {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.cipher, nonce).setAAD(bound(name, set, key))
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { name, set, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') }
}

/** Opens a value. Throws SECRET_DAMAGED when anything about it was changed. */
export function unseal({ name, set, nonce, sealed }: SealedEntry, key: Key, file: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.cipher, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
    decipher.setAAD(bound(name, set, key)).setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
  } catch {
    throw damaged(file, `The secret "${name}" does not open with the key it names`)
  }
}

const bound = (name: string, set: string, key: Key) =>
  Buffer.from(JSON.stringify(['streamalert-secrets/1', key.id, name, set]))

const damaged = (file: string, what: string) =>
  new CodedError('SECRET_DAMAGED', `${what}: the file was changed by other hands, or is damaged.`, {
    place: { file },
    hint: 'Bring it back from a backup; or remove the secret, or the whole file, and set it again: streamalert secret set NAME.',
  })

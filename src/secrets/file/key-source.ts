import { CodedError } from '../../core/errors.ts'
import type { SecretDocument } from './document.ts'
import { addKey, readKeys, removeKeys } from './key-file.ts'
import { createKeyring, isPassphrase, type Key, newKeyText, newStretching } from './keys.ts'

/** What a file of secrets says of its key. */
type Header = SecretDocument['key']

/** A key, and what the file says of it. */
export interface HeadedKey {
  readonly key: Key
  readonly header: Header
}

/** Where keys come from: an environment variable, which goes first, or a key file. */
export interface KeySource {
  /** Where it is kept, for people. */
  readonly from: string
  /** The key that encrypted the secrets in `file`. Throws SECRET_KEY. */
  find(header: Header, file: string): Promise<Key>
  /** A key for secrets that have none yet. A random one is made and kept where none was given. */
  first(): Promise<HeadedKey>
  /** A key to take the place of another. In a key file both are kept until `retire`. */
  next(): Promise<HeadedKey>
  retire(header: Header): Promise<void>
}

export const keyVariable = 'STREAMALERT_SECRETS_KEY'
export const nextKeyVariable = 'STREAMALERT_SECRETS_NEW_KEY'

export interface KeyPlaces {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly keyFile: string
  /** The file belongs to one project: a key that lies in it is taken for its first secret. */
  readonly own: boolean
}

export function createKeySource({ env, keyFile, own }: KeyPlaces): KeySource {
  const keyOf = createKeyring()
  const given = env[keyVariable]?.trim() || undefined

  async function head(text: string, from: string): Promise<HeadedKey> {
    const stretching = isPassphrase(text) ? newStretching() : undefined
    const key = await keyOf(text, stretching, from)
    return { key, header: { id: key.id, ...(stretching && { scrypt: stretching }) } }
  }
  async function made(): Promise<HeadedKey> {
    const text = newKeyText()
    await addKey(keyFile, text)
    return head(text, keyFile)
  }
  /** Undefined: the text is of the other kind, a passphrase or a random key. */
  const keyFor = async (text: string, { scrypt }: Header): Promise<Key | undefined> =>
    isPassphrase(text) === (scrypt !== undefined) ? keyOf(text, scrypt, keyFile) : undefined

  const fromFile: KeySource = {
    from: keyFile,
    async find(header, file) {
      const texts = await readKeys(keyFile)
      for (const text of texts) {
        const key = await keyFor(text, header)
        if (key?.id === header.id) return key
      }
      throw texts.length === 0 ? missing(keyFile, file) : wrong(keyFile, file)
    },
    async first() {
      const [text] = own ? await readKeys(keyFile) : []
      return text === undefined ? made() : head(text, keyFile)
    },
    next: made,
    retire: ({ id, scrypt }) => removeKeys(keyFile, async (text) => (await keyFor(text, { id, scrypt }))?.id === id),
  }
  if (given === undefined) return fromFile

  return {
    from: keyVariable,
    async find(header, file) {
      const key = await keyOf(given, header.scrypt, keyVariable)
      if (key.id === header.id) return key
      throw wrong(keyVariable, file)
    },
    first: () => head(given, keyVariable),
    async next() {
      const text = env[nextKeyVariable]?.trim()
      if (text && text !== given) return head(text, nextKeyVariable)
      throw new CodedError('SECRET_KEY', `The key comes from ${keyVariable}, which only you can change.`, {
        hint: `Put the new key or passphrase into ${nextKeyVariable} for this command; afterwards it goes into ${keyVariable}.`,
      })
    },
    retire: async () => {},
  }
}

const missing = (keyFile: string, file: string) =>
  new CodedError('SECRET_KEY', `There is no key for ${file}: not in ${keyFile}, and ${keyVariable} is not set.`, {
    place: { file: keyFile },
    hint: `Bring back the key file, or set ${keyVariable}. If the key is lost, remove ${file} and set each secret again.`,
  })

const wrong = (from: string, file: string) =>
  new CodedError('SECRET_KEY', `The key in ${from} is not the one that encrypted ${file}.`, {
    place: { file },
    hint: `Give the right key in ${keyVariable} or in the key file. If it is lost, remove ${file} and set each secret again.`,
  })

import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { defineSecrets, type SecretHost } from '../../core/component.ts'
import { CodedError } from '../../core/errors.ts'
import { locked } from '../shared/locked.ts'
import { writeAtomic } from '../shared/write-atomic.ts'
import { documentText, longestValue, parseDocument, seal, type SecretDocument, unseal } from './document.ts'
import { createKeySource } from './key-source.ts'

/** More is no file of secrets. */
const longestFile = 16 * 1_048_576

/** Secrets in an encrypted file, which `secret set`, `remove` and `rotate` write. Format and reasons: docs/decisions/0010. */
export default defineSecrets({
  name: 'file',
  summary: 'An encrypted file, written by `streamalert secret set`.',
  config: z.strictObject({
    path: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The file, from the project folder. Default: `secrets` in the folder of the state.' }),
    keyFile: z.string().min(1).optional().meta({
      description:
        'File with the key, from the project folder; mode 0600. Default: `~/.config/streamalert/secrets.keys`. The variable `STREAMALERT_SECRETS_KEY` goes first.',
    }),
  }),
  examples: [
    { title: 'Where they are by themselves', config: {} },
    {
      title: 'In a folder that is kept under version control, with the key from elsewhere',
      config: { path: 'secrets.json', keyFile: '/etc/streamalert/secrets.key' },
    },
  ],
  create({ path, keyFile }, host) {
    const file = path === undefined ? join(host.stateDir, 'secrets') : resolve(host.projectDir, path)
    const keys = createKeySource({
      env: host.env,
      keyFile: keyFile === undefined ? usualKeyFile(host) : resolve(host.projectDir, keyFile),
      own: keyFile !== undefined,
    })
    const write = (document: SecretDocument) => writeAtomic(file, documentText(document), 0o600)
    const find = async (name: string) => {
      const document = await readDocument(file)
      const entry = document?.secrets.find((one) => one.name === name)
      return document && entry && { entry, header: document.key }
    }

    return {
      async get(name) {
        const found = await find(name)
        return found && unseal(found.entry, await keys.find(found.header, file), file)
      },
      advice: (name) => `run: streamalert secret set ${name}`,
      local: {
        has: async (name) => (await find(name)) !== undefined,
        list: async () =>
          ((await readDocument(file))?.secrets ?? []).map(({ name, set }) => ({ name, setAt: Date.parse(set) })),
      },
      editor: {
        async set(name, value) {
          checkValue(name, value)
          await locked(file, async () => {
            const document = await readDocument(file)
            const { header, key } = document
              ? { header: document.key, key: await keys.find(document.key, file) }
              : await keys.first()
            const entry = seal(name, value, new Date(host.now()).toISOString(), key)
            const others = document?.secrets.filter((one) => one.name !== name) ?? []
            await write(documentOf(header, [...others, entry]))
          })
        },
        remove: (name) =>
          locked(file, async () => {
            const document = await readDocument(file)
            const secrets = document?.secrets.filter((one) => one.name !== name)
            if (!document || !secrets || secrets.length === document.secrets.length) return false
            await write(documentOf(document.key, secrets))
            return true
          }),
        rotate: () =>
          locked(file, async () => {
            const document = await readDocument(file)
            if (!document) throw new CodedError('NOT_FOUND', `There are no secrets in ${file}.`)
            const old = await keys.find(document.key, file)
            const opened = document.secrets.map(({ name, set, ...rest }) => {
              return { name, set, value: unseal({ name, set, ...rest }, old, file) }
            })
            // At no time is there a file whose key is not kept: first both keys, then the new file, then the new key alone.
            const { header, key } = await keys.next()
            await write(
              documentOf(
                header,
                opened.map(({ name, set, value }) => seal(name, value, set, key)),
              ),
            )
            await keys.retire(document.key)
            return { secrets: opened.length, key: keys.from }
          }),
      },
    }
  },
})

const documentOf = (key: SecretDocument['key'], secrets: SecretDocument['secrets']): SecretDocument => ({
  format: 'streamalert-secrets/1',
  key,
  secrets: secrets.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
})

/** Outside of every project, so that a copy or a backup of one does not hold its key. */
const usualKeyFile = ({ env }: SecretHost) =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'streamalert', 'secrets.keys')

/** Undefined: there is no such file. Throws SECRET_DAMAGED, SECRET_UNAVAILABLE. */
async function readDocument(file: string): Promise<SecretDocument | undefined> {
  try {
    if ((await stat(file)).size > longestFile) throw new Error('it is too large')
    return parseDocument(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof CodedError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new CodedError('SECRET_UNAVAILABLE', `${file} cannot be read: ${code ?? message}.`, { place: { file } })
  }
}

function checkValue(name: string, value: string): void {
  const bytes = Buffer.byteLength(value)
  if (bytes > 0 && bytes <= longestValue) return
  throw new CodedError('USAGE', `The value of "${name}" has ${bytes} bytes; it must have 1 to ${longestValue}.`)
}

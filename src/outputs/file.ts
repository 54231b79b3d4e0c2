import { type FileHandle, mkdir, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { publicationJson } from '../core/publish.ts'

/** The file that is written to, and whether its last line is cut off. */
interface OpenFile {
  readonly handle: FileHandle
  readonly identity: string
  torn: boolean
}

/**
 * Appends each alert as one line of JSON, in the form that `--json` prints. Each alert is one write at the end of the file,
 * so that several processes may share it; a line that was cut off (the process killed, the disk full) is ended before the next. A file that
 * was moved away or deleted meanwhile (logrotate) is begun anew.
 */
export default defineOutput({
  name: 'file',
  summary: 'Appends each alert to a file, one line of JSON each.',
  config: z.strictObject({
    path: z
      .string()
      .min(1)
      .meta({ description: 'The file, relative to the project. Folders are made; only its owner may read it.' }),
  }),
  examples: [{ title: 'Beside the configuration', config: { path: 'alerts.jsonl' } }],
  create(config, host) {
    const path = resolve(host.projectDir, config.path)
    let current: OpenFile | undefined

    async function send(line: string): Promise<void> {
      if (current && (await identityOf(path)) !== current.identity) await close()
      current ??= await openFile(path)
      const file = current
      const bytes = Buffer.from(`${file.torn ? '\n' : ''}${line}\n`)
      file.torn = true
      const { bytesWritten } = await file.handle.write(bytes)
      if (bytesWritten < bytes.length) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
      file.torn = false
    }

    async function close(): Promise<void> {
      const { handle } = current ?? {}
      current = undefined
      await handle?.close()
    }

    return {
      send: ({ publication }) =>
        send(publicationJson(publication)).catch((error: unknown) => Promise.reject(asCoded(error, config.path))),
      close,
    }
  },
})

async function openFile(path: string): Promise<OpenFile> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'a+', 0o600)
  const { dev, ino, size } = await handle.stat()
  const last = size > 0 ? (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer : undefined
  return { handle, identity: `${dev}:${ino}`, torn: last !== undefined && last[0] !== 0x0a }
}

/** Undefined when there is no such file. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && `${found.dev}:${found.ino}`
}

/** A full disk empties; a path that cannot be written has to be mended by a person. */
function asCoded(error: unknown, path: string): CodedError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (lasting.has(code)) {
    return new CodedError('OUTPUT_MISCONFIGURED', `${path} cannot be written: ${messageOf(error)}`, { cause: error })
  }
  return new CodedError('OUTPUT_UNAVAILABLE', `${path}: ${messageOf(error)}`, { retry: 'later', cause: error })
}

const lasting = new Set(['EACCES', 'EPERM', 'EEXIST', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'])

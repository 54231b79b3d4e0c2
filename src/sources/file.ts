import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { defineSource } from '../core/component.ts'
import { milliseconds } from '../core/duration.ts'
import { isRead, prefixOf, readEntry } from './file/entry.ts'
import { createFinder, projectPath } from './file/find.ts'
import { readFiles } from './file/reader.ts'

const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h|d|w)$/, 'must be a duration such as 250ms, 30s or 5m')

const config = z.strictObject({
  paths: z.array(z.string().min(1)).min(1).meta({
    description:
      'Files, folders (all files below), or globs with `*`, `**`, `?`, `[abc]` and `{a,b}`; relative to the project. Links to folders are not followed under `**`.',
  }),
  exclude: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Globs of what to leave out. One without a slash is for the name alone, in any folder.' }),
  follow: z.boolean().default(true).meta({
    description: 'Whether to wait for what is appended and for new files. Without it, what is there is read once.',
  }),
  pollInterval: duration.default('250ms').meta({
    description:
      'How often files are looked at where the file system does not tell of changes, as network file systems do not.',
  }),
  settle: duration.default('2s').meta({
    description:
      'A last line without its end, and a compressed file, are taken when the file has not changed for so long: its writer may not have finished.',
  }),
})

/**
 * Reads files, plain or compressed (told by their first bytes), each record once, through restarts and rotation.
 *
 * A file's identity is its path as first seen and the hash of its first line; what was read of it is kept under that.
 * A file under another name is recognised by the first line and by the bytes before the place where reading stopped,
 * when it is the same inode or the name is one that rotation gives. What does not hold that proof is a new file.
 * `receivedAt` is when a stretch was first seen; it is kept before the stretch is delivered, so it is the same again
 * after a crash.
 */
export const file = defineSource({
  name: 'file',
  summary: 'Reads log files once, follows what is appended, and recognises them when they are rotated or compressed.',
  config,
  examples: [
    { title: 'Follow the log of the SSH server', config: { paths: ['/var/log/auth.log'] } },
    {
      title: 'Delivered files in dated folders, read once each',
      config: { paths: ['logs/cloudtrail/**/*.json.gz'], exclude: ['*digest*'] },
    },
    {
      title: 'A network folder, looked at less often',
      config: { paths: ['/mnt/logs/*.{log,csv}'], pollInterval: '5s' },
    },
  ],
  create(options, host) {
    const { paths, exclude, follow } = options
    const pollMs = milliseconds(options.pollInterval)
    const settleMs = milliseconds(options.settle)
    return {
      read: ({ signal, once }) => readFiles(host, { paths, exclude, settleMs, pollMs, once: once || !follow }, signal),

      /** Stored bytes that are not yet read; files are told by their path alone. */
      async lag() {
        const found = await createFinder(host.projectDir, paths, exclude)()
        const stored = await host.state.list(prefixOf(host.name))
        const entries = new Map(
          stored.flatMap(({ value }) => readEntry(value) ?? []).map((entry) => [entry.path, entry]),
        )
        let bytes = 0
        for (const path of found.files) {
          const seen = await stat(path).catch(() => undefined)
          if (!seen?.isFile()) continue
          const entry = entries.get(projectPath(host.projectDir, path))
          if (entry && isRead(entry, seen.size)) continue
          bytes += entry && !entry.compressed && entry.offset <= seen.size ? seen.size - entry.offset : seen.size
        }
        return { bytes }
      },
    }
  },
})

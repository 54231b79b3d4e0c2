import { Worker } from 'node:worker_threads'
import { gunzipAndParse, splitAndParse } from './floor.ts'
import { mixedLines } from './mixed.ts'
import { cloudTrailFiles, cloudTrailLines } from './records.ts'

/** Logs in the form of files, and the least that must be done with them. */
export interface Load {
  readonly name: string
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Bytes after decompression. */
  readonly bytes: number
  /** On one thread. Answers the number of records. */
  floor(): number
}

export function loadsOf(bytes: number): readonly [lines: Load, mixed: Load, files: Load] {
  const lines = cloudTrailLines(bytes)
  const mixed = mixedLines(bytes)
  const { raw, files } = cloudTrailFiles(bytes)
  return [
    ofLines('CloudTrail lines', lines),
    ofLines('eight log types, mixed', mixed),
    {
      name: 'CloudTrail delivery files, gzip',
      files: new Map(files.map((file, n) => [`${String(n).padStart(5, '0')}.json.gz`, file])),
      bytes: raw,
      floor: () => gunzipAndParse(files),
    },
  ]
}

const ofLines = (name: string, bytes: Uint8Array): Load => ({
  name,
  files: new Map([['events.log', bytes]]),
  bytes: bytes.length,
  floor: () => splitAndParse(bytes),
})

/** Bare gunzip and JSON.parse on several threads, which stay, each with its share of the files. */
export function bareThreads({ files }: Load, count: number): { run(): Promise<void>; stop(): Promise<void> } {
  const all = [...files.values()]
  const threads = Array.from({ length: count }, (_, n) => {
    const workerData = all.filter((_file, at) => at % count === n)
    return new Worker(new URL('bare-thread.ts', import.meta.url), { workerData })
  })
  return {
    async run() {
      await Promise.all(
        threads.map(
          (thread) =>
            new Promise((resolve) => {
              thread.once('message', resolve)
              thread.postMessage('go')
            }),
        ),
      )
    },
    stop: async () => void (await Promise.all(threads.map((thread) => thread.terminate()))),
  }
}

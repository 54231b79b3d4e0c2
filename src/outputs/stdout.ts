import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message } from '../core/contracts/index.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { publicationJson } from '../core/publish.ts'

/** A standard stream, as far as this output uses it. */
interface Lines {
  write(text: string, done: (error?: Error | null) => void): boolean
  once(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/**
 * Writes each alert as one line of JSON to the standard output, for whatever collects it there: a container, systemd, a pipe. An alert
 * counts as sent when the line was handed to the operating system.
 */
export default defineOutput({
  name: 'stdout',
  summary: 'Writes each alert as a line of JSON to the standard output, for programs that collect it there.',
  setup: `For the alerts of some rules. All alerts, and nothing else, are written there by \`streamalert run --json\` without any output.
What the engine tells people goes to the standard error then; \`terminal: false\` leaves the alerts out of that.`,
  config: z.strictObject({}),
  examples: [{ title: 'In a container', config: {} }],
  create: () => linesTo(process.stdout),
})

/** The output, for any stream. */
export const linesTo = (stream: Lines) => ({
  send: ({ publication }: Message) =>
    new Promise<void>((resolve, reject) => {
      // Without a listener, a reader that has gone would end the process.
      const ignore = () => {}
      stream.once('error', ignore)
      stream.write(`${publicationJson(publication)}\n`, (error) => {
        if (error) return reject(asCoded(error))
        stream.off('error', ignore)
        resolve()
      })
    }),
})

/** A pipe whose reader has gone stays broken until the engine is started again; a full disk empties. */
function asCoded(error: Error): CodedError {
  const gone = 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
  return gone
    ? new CodedError('OUTPUT_MISCONFIGURED', 'Nobody reads the standard output any more.', { cause: error })
    : new CodedError('OUTPUT_UNAVAILABLE', `The standard output: ${messageOf(error)}`, { retry: 'later', cause: error })
}

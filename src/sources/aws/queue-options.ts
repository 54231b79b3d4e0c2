import { z } from 'zod'

/** Options of sources that read a queue; they are `QueueOptions`. */
export const queueOptions = {
  queue: z
    .url({ protocol: /^https?$/, error: 'is not the address of a queue' })
    .meta({ description: 'Address (URL) of the queue.' }),
  waitSeconds: z.int().min(0).max(20).default(20).meta({
    description: 'How long one asking waits for messages. With 0, SQS may overlook messages for a while.',
  }),
  visibilitySeconds: z.int().min(1).max(43_200).default(300).meta({
    description: 'How long a message in work is hidden from others; it is extended while the work goes on.',
  }),
}

/** How long a call may take, milliseconds: longer than it waits for messages. */
export const queueTimeoutMs = (waitSeconds: number): number => (waitSeconds + 10) * 1000

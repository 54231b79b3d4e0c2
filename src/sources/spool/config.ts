import { z } from 'zod'
import { milliseconds } from '../../core/duration.ts'
import type { SpoolOptions } from './options.ts'

/** A duration in a configuration, such as `30s`. */
export const durationOption = z
  .string()
  .regex(/^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h|d|w)$/, 'is not a duration: write 30s, 5m, 2h or 7d')

/** A number of bytes in a configuration, such as `64MB`; 1 KB is 1024 bytes. */
export const sizeOption = z
  .string()
  .regex(/^(?=.*[1-9])\d+(\.\d+)?\s*[KMGT]?B$/i, 'is not a size: write 512KB, 64MB or 2GB')

const units = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const

export function bytesOf(size: string): number {
  const [, value, unit] = /^([\d.]+)\s*(\w+)$/.exec(size)!
  return Math.round(Number(value) * units[unit!.toUpperCase() as keyof typeof units])
}

/** The option `spool` of sources that have one. */
export const spoolOption = z
  .strictObject({
    maxBytes: sizeOption.default('1GB').meta({ description: 'Bytes on disk that may wait to be processed.' }),
    maxAge: durationOption.default('7d').meta({ description: 'What waits for longer is given up, and counted.' }),
    whenFull: z.enum(['block', 'drop-oldest']).default('block').meta({
      description:
        '`block`: takes nothing more until there is room, so that senders wait. `drop-oldest`: gives up what waits longest, and counts it.',
    }),
  })
  .prefault({})
  .meta({ description: 'What was received is kept on disk until it is processed; this bounds it.' })

export const spoolSettings = ({
  maxBytes,
  maxAge,
  whenFull,
}: z.output<typeof spoolOption>): Pick<SpoolOptions, 'maxBytes' | 'maxAgeMs' | 'policy'> => ({
  maxBytes: bytesOf(maxBytes),
  maxAgeMs: milliseconds(maxAge),
  policy: whenFull,
})

import { z } from 'zod'
import { milliseconds } from '../core/duration.ts'

const byteUnits = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const

/** `30s` → milliseconds. */
export const duration = z
  .string('is not a duration: write 30s, 5m, 2h or 7d')
  .regex(/^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h|d|w)$/, 'is not a duration: write 30s, 5m, 2h or 7d')
  .transform(milliseconds)

/** `512MB` → bytes; 1 KB is 1024 bytes. */
export const size = z
  .string('is not a size: write 512MB or 5GB')
  .regex(/^(?=.*[1-9])\d+(\.\d+)?\s*[KMGT]?B$/i, 'is not a size: write 512MB or 5GB')
  .transform((text) => {
    const [, value, unit] = /^([\d.]+)\s*(\w+)$/.exec(text)!
    return Math.round(Number(value) * byteUnits[unit!.toUpperCase() as keyof typeof byteUnits])
  })

import { InvalidArgumentError } from 'commander'
import { milliseconds } from '../core/duration.ts'

/** Milliseconds of `30s`, `15m`, `2h`, `7d`: the value of an option. */
export function duration(text: string): number {
  try {
    return milliseconds(text)
  } catch {
    throw new InvalidArgumentError('Write 30s, 15m, 2h or 7d.')
  }
}

/** A whole number of at least 1. */
export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number of at least 1.')
}

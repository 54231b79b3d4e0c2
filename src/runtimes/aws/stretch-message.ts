import type { Framing } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import type { ObjectRef } from '../../sources/aws-s3/events.ts'
import type { Stretch } from '../../sources/aws-s3/stretches.ts'
import { parsed } from '../../sources/aws/envelope.ts'

/** A stretch of an object that another invocation reads: what the function writes into its own queue. */
export interface StretchMessage extends Stretch {
  readonly source: string
  /** How often the object was handed on before. */
  readonly turn: number
}

/** The body of a message. It stays far below what a message may hold: a first line has 8 KB at most, a key 1 KB. */
export const writeStretch = (message: StretchMessage): string => JSON.stringify({ streamalert: 'stretch', ...message })

/** Undefined for what is no such message. */
export function readStretch(text: string): StretchMessage | undefined {
  if (!text.includes('"streamalert"')) return undefined
  const value = parsed(text)
  if (!isPlainObject(value) || value['streamalert'] !== 'stretch' || !isObject(value['object'])) return undefined
  const { source, turn, object, from, to, at, framing, firstLine } = value
  if (typeof source !== 'string' || !isPlace(turn) || !isPlace(from)) return undefined
  if ((to !== undefined && !isPlace(to)) || (at !== undefined && !isPlace(at))) return undefined
  if ((framing !== undefined && !isFraming(framing)) || (firstLine !== undefined && typeof firstLine !== 'string'))
    return undefined
  return {
    ...{ source, turn, object, from },
    ...(to !== undefined && { to }),
    ...(at !== undefined && { at }),
    ...(framing !== undefined && { framing }),
    ...(firstLine !== undefined && { firstLine }),
  }
}

const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const framings: readonly unknown[] = ['lines', 'json', 'quoted', 'whole'] satisfies readonly Framing[]
const isFraming = (value: unknown): value is Framing => framings.includes(value)

function isObject(value: unknown): value is ObjectRef {
  if (!isPlainObject(value)) return false
  const { bucket, key, etag, size, version, at } = value
  return (
    [bucket, key, etag].every((one) => typeof one === 'string') &&
    (size === undefined || isPlace(size)) &&
    (version === undefined || typeof version === 'string') &&
    (at === undefined || Number.isFinite(at))
  )
}

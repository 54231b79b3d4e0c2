import type { Decoder } from '../core/contracts/index.ts'
import { gzip } from './gzip.ts'
import { zstd } from './zstd.ts'

/** Every compression that is recognised by its first bytes. */
export const decoders: readonly Decoder[] = [gzip, zstd]

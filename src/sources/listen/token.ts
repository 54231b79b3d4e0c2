import { z } from 'zod'
import { secretReference } from '../../core/secrets.ts'

/** A token that whoever connects must bring, in a configuration: its hash, or the secret that holds it. */
export const tokenOption = z
  .string()
  .refine(
    (value) => secretReference.test(value) || /^sha256:[0-9a-f]{64}$/.test(value),
    'is neither secret:NAME nor sha256: with 64 hexadecimal digits',
  )

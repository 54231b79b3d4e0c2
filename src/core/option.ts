import { z } from 'zod'

/** Options that many components have. */

/** Text that is not empty. */
export const text = (description: string) => z.string().min(1).meta({ description })

/** A secret: it is written `secret:NAME`, and never shown. */
export const secret = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Write \`secret:NAME\`.`, secret: true })

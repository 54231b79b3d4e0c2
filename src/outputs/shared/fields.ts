import { z } from 'zod'
import { secretName } from '../secrets.ts'

/** An option that holds a secret. */
export const secret = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Write \`secret:NAME\`.`, secret: true })

/** An address of HTTP; tests and installations of one's own point it elsewhere. */
export const address = (description: string) =>
  z
    .union([
      z.url({ protocol: /^https?$/, error: 'is not an http:// or https:// address' }),
      z.string().regex(secretName),
    ])
    .meta({ description })

/** An address that is itself a secret: who knows it can post. */
export const secretAddress = (description: string) =>
  address(`${description} Write \`secret:NAME\`: who knows the address can post.`).meta({ secret: true })

export const text = (description: string) => z.string().min(1).meta({ description })

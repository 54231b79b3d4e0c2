import { z } from 'zod'
import { secretName } from '../secrets.ts'

export { secret, text } from '../../core/option.ts'

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

import { z } from 'zod'
import type { OutputKind } from '../core/component.ts'
import type { RateLimit } from '../core/contracts/index.ts'
import type { DeliveryLimits } from '../core/dispatch/index.ts'
import { duration } from './units.ts'

const maxTries = z.int().min(1).meta({ description: 'Tries before an alert to one output is given up.' })
const alerts = z.int().min(1)
const described = <T extends z.ZodType>(schema: T, description: string) => schema.meta({ description })

/** The section `delivery`: for all outputs. */
export const delivery = z.strictObject({
  maxTries: maxTries.default(300),
  maxAge: described(duration.prefault('1d'), 'Age at which an alert to one output is given up.'),
  timeout: described(duration.prefault('10s'), 'Time one try may take.'),
  backoff: z
    .strictObject({
      first: described(duration.prefault('1s'), 'At most this before the second try; then twice as long each time.'),
      longest: described(duration.prefault('5m'), 'At most this between two tries.'),
    })
    .prefault({})
    .meta({ description: 'How long is waited after a try that failed: any time up to these, by chance.' }),
  rateLimit: z
    .strictObject({
      window: described(duration.prefault('1m'), 'Time over which alerts are counted.'),
      perRule: described(alerts.default(60), 'Alerts of one rule that an output is told one by one in this time.'),
      perOutput: described(alerts.default(240), 'Alerts of all rules that it is told one by one in this time.'),
    })
    .prefault({})
    .meta({
      description:
        'What is told one by one to outputs that people read (chats, pagers, e-mail, tickets). The surplus is stored, and counted by one digest.',
    }),
})

/** What one output has otherwise. */
export const outputDelivery = z
  .strictObject({
    maxTries: maxTries.optional(),
    maxAge: described(duration.optional(), 'Age at which an alert is given up.'),
    timeout: described(duration.optional(), 'Time one try may take.'),
    concurrency: described(
      z.int().min(1).max(256).optional(),
      'Alerts that it takes at the same time. After a crash only those under way are repeated.',
    ),
    backoff: z
      .strictObject({
        first: described(duration.optional(), 'At most this before the second try.'),
        longest: described(duration.optional(), 'At most this between two tries.'),
      })
      .optional()
      .meta({ description: 'How long is waited after a try that failed.' }),
    rateLimit: z
      .union([
        z.literal(false),
        z.strictObject({
          window: described(duration.optional(), 'Time over which alerts are counted.'),
          perRule: described(alerts.optional(), 'Alerts of one rule.'),
          perOutput: described(alerts.optional(), 'Alerts of all rules.'),
        }),
      ])
      .optional()
      .meta({ description: 'What it is told one by one; `false`: everything.' }),
  })
  .prefault({})
  .meta({ description: 'Limits of its own, in place of those of the section `delivery`.' })

/** How alerts go to one output. */
export interface OutputDelivery {
  readonly limits: DeliveryLimits
  readonly concurrency: number
  /** Undefined: it is told everything. */
  readonly rate?: RateLimit
}

/** An output's own limits over those of all outputs. */
export function deliveryTo(
  { concurrency = 1, forPeople = false }: Pick<OutputKind, 'concurrency' | 'forPeople'>,
  own: z.output<typeof outputDelivery>,
  all: z.output<typeof delivery>,
): OutputDelivery {
  const { first = all.backoff.first, longest = all.backoff.longest } = own.backoff ?? {}
  const rate = own.rateLimit ?? (forPeople && {})
  return {
    limits: {
      maxTries: own.maxTries ?? all.maxTries,
      maxAgeMs: own.maxAge ?? all.maxAge,
      timeoutMs: own.timeout ?? all.timeout,
      backoff: { baseMs: first, capMs: Math.max(first, longest) },
    },
    concurrency: own.concurrency ?? concurrency,
    ...(rate && {
      rate: {
        windowMs: rate.window ?? all.rateLimit.window,
        perRule: rate.perRule ?? all.rateLimit.perRule,
        perOutput: rate.perOutput ?? all.rateLimit.perOutput,
      },
    }),
  }
}

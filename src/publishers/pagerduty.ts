import type { Publisher } from '../core/contracts/index.ts'
import type { Publication } from '../core/publish.ts'
import { definePublisher } from '../core/publisher.ts'
import { mapValues } from './values.ts'

/**
 * What the output `pagerduty-v2` says: `@pagerduty-v2.summary`, `.severity`, `.custom_details`, `.images`
 * (https://developer.pagerduty.com/docs/events-api-v2-overview).
 */
const key = (name: string) => `@pagerduty-v2.${name}`

/** The rule's name alone as the title of the incident: telephones show little. */
export const pagerdutyShortTitle = definePublisher({
  name: 'pagerduty-short-title',
  description: "PagerDuty: the rule's name as the title.",
  publish: (alert, publication) => ({ ...publication, [key('summary')]: alert.rule }),
})

/** What the publishers before have left of the alert, and no more, as the incident's details. */
export const pagerdutyDetails = definePublisher({
  name: 'pagerduty-details',
  description: 'PagerDuty: the publication as the details of the incident.',
  publish: (_, publication) => ({
    ...publication,
    [key('custom_details')]: Object.fromEntries(Object.entries(publication).filter(([name]) => !name.startsWith('@'))),
  }),
})

const urgency = (name: string, severity: string): Publisher =>
  definePublisher({
    name,
    description: `PagerDuty: severity "${severity}", whatever the rule says.`,
    publish: (_, publication) => ({ ...publication, [key('severity')]: severity }),
  })

/** Services whose urgency follows the severity page at once for `critical`, and not for `warning`. */
export const pagerdutyHighUrgency = urgency('pagerduty-high-urgency', 'critical')
export const pagerdutyLowUrgency = urgency('pagerduty-low-urgency', 'warning')

/** PagerDuty shows lists within details as one long line: here each item has its own. */
export const pagerdutyLists = definePublisher({
  name: 'pagerduty-lists',
  description: 'PagerDuty: each item of a list in the details on its own line.',
  publish: (_, publication) => ({
    ...publication,
    [key('custom_details')]: mapValues(publication[key('custom_details')] ?? publication['record'] ?? {}, (value) =>
      Array.isArray(value) ? value.map((item) => textOf(item)).join('\n') : value,
    ),
  }),
})

const textOf = (item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item))

/** An image beside the incident; `href` is where a click leads. */
export const pagerdutyImage = (image: {
  readonly src: string
  readonly href?: string
  readonly alt?: string
}): Publisher =>
  definePublisher({
    name: `pagerduty-image(${image.src})`,
    description: 'PagerDuty: an image beside the incident.',
    publish: (_, publication): Publication => {
      const before = publication[key('images')]
      return { ...publication, [key('images')]: [...(Array.isArray(before) ? (before as unknown[]) : []), image] }
    },
  })

import { z } from 'zod'
import { defineOutput, type OutputHost } from '../../core/component.ts'
import type { Message } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import { isPlainObject } from '../../core/plain.ts'
import { cutJson, cutText } from '../shared/cut.ts'
import { address, secret, text } from '../shared/fields.ts'
import { mostSummary, triggerEvent } from '../shared/pagerduty.ts'
import { vendorSend } from '../shared/vendor.ts'
import { field, incidentId, overridesOf, wordsOf } from '../shared/words.ts'
import { createRest, type PagerDutyRest } from './rest.ts'

/** Characters of a note. */
const longestNote = 20_000

/** How long PagerDuty may take from event to incident before it is asked again, milliseconds. */
const patience = 5_000

const traits = {
  name: 'PagerDuty',
  hints: {
    400: 'Check the integration key, and that `from` is the e-mail address of a user of the account.',
    401: 'The API token is wrong.',
    403: 'The API token may only read: make one that may write.',
    404: 'Check the ids of the escalation policy and the user.',
  },
}

/**
 * Triggers an incident and changes it, in these steps:
 * 1. an event of the Events API v2, with the alert's id as `dedup_key` (https://developer.pagerduty.com/docs/send-alert-event);
 * 2. the incident is looked for by that key; as long as PagerDuty has not made it, the delivery is tried again later: the event is
 *    then repeated, which changes nothing;
 * 3. title, urgency, priority, and assignee or escalation policy are set
 *    (https://developer.pagerduty.com/api-reference/8a0e1aa2ec666-update-an-incident);
 * 4. best effort: responders are asked, and a note is added, with the body of publishers (PagerDuty takes one of new incidents only).
 * An update is the event again, and a note. The keys of `pagerduty-v2` hold for the event.
 *
 * Receipt: the incident's id.
 */
export default defineOutput({
  name: 'pagerduty-incident',
  summary: 'Triggers an incident in PagerDuty, and sets its priority, assignee, responders and note (REST API).',
  setup: `In PagerDuty: the service, "Integrations", "Events API V2", for the integration key; "Integrations", "API Access Keys", "Create New API Key"
(not read-only), for the token; \`from\` is the address of a user in whose name incidents are changed. An escalation policy's id stands at the end
of its page's address. Accounts in the EU set \`events\` to \`https://events.eu.pagerduty.com\` and \`api\` to \`https://api.eu.pagerduty.com\`.
PagerDuty limits this API; where an alert need only page someone, use \`pagerduty-v2\`.

An alert takes these steps: an event pages people; the incident made of it is looked for, and the delivery tried again until it is there; title,
urgency, priority, and assignee or policy are set. Then, as far as it works, responders are asked and a note is added: when that
fails, it is logged, and nobody is paged again.

A rule says more in its context, users by e-mail address: \`context: () => ({ 'pagerduty-incident': { assigned_user, assigned_policy_id,
incident_priority, with_record, note, responders, responder_message } })\`. A user or priority PagerDuty does not know is left out.`,
  config: z.strictObject({
    integrationKey: secret('The integration key of the service.'),
    token: secret('A REST API token that may write.'),
    from: z.email().meta({ description: 'The e-mail address of the user in whose name incidents are changed.' }),
    escalationPolicy: text('The id of the policy for incidents whose rule names no user and no policy.').optional(),
    events: address("PagerDuty's Events API.").default('https://events.pagerduty.com'),
    api: address("PagerDuty's REST API.").default('https://api.pagerduty.com'),
  }),
  examples: [
    {
      title: 'The security team',
      config: {
        integrationKey: 'secret:PAGERDUTY_INTEGRATION_KEY',
        token: 'secret:PAGERDUTY_TOKEN',
        from: 'streamalert@acme.example',
        escalationPolicy: 'PT20YPA',
      },
    },
  ],
  forPeople: true,
  publisherKeys: {
    incident_title: "The incident's title.",
    urgency: '`high` or `low`.',
    note: 'A note on the incident.',
    incident_body: 'Added to the note. The keys of `pagerduty-v2` hold for the event, too.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const event = triggerEvent(message, await vendor.secret(config.integrationKey))
      const { from } = config
      const token = await vendor.secret(config.token)
      const rest = createRest(vendor, { api: await vendor.base(config.api), token, from })
      await vendor.call({ url: `${await vendor.base(config.events)}/v2/enqueue`, json: withoutRecord(event, message) })

      const isUpdate = message.alert.updates !== undefined
      const incident = (isUpdate ? message.earlier : undefined) ?? (await rest.incidentOf(incidentId(message)))
      if (incident === undefined) {
        throw vendor.failure('OUTPUT_UNAVAILABLE', 'PagerDuty has the event, but has not made an incident of it yet.', {
          retry: 'later',
          retryAfterMs: patience,
          hint: 'If it never does: is the event suppressed by a rule, or the service disabled?',
        })
      }
      const { changes } = wordsOf(message)
      if (isUpdate && message.earlier !== undefined) {
        await rest.note(incident, cutJson(changes ?? {}, longestNote, message.alert.id))
        return incident
      }
      await rest.update(incident, await changeOf(message, rest, config.escalationPolicy))
      await addPeopleAndNote(message, { rest, incident, from, host })
      return incident
    },
  }),
})

const contextOf = ({ alert }: Message) => {
  const context = alert.context['pagerduty-incident']
  return isPlainObject(context) ? context : {}
}

/** A rule may keep the record from PagerDuty: `with_record: false`. */
function withoutRecord(event: Readonly<Record<string, unknown>>, message: Message): unknown {
  const payload = event['payload']
  if (contextOf(message)['with_record'] !== false || !isPlainObject(payload)) return event
  const details = isPlainObject(payload['custom_details']) ? payload['custom_details'] : {}
  return { ...event, payload: { ...payload, custom_details: { ...details, record: undefined } } }
}

/** What the incident is to look like. A user or priority that PagerDuty does not know is left out. */
async function changeOf(
  message: Message,
  rest: PagerDutyRest,
  policy: string | undefined,
): Promise<Record<string, unknown>> {
  const own = overridesOf(message.publication, 'pagerduty-incident')
  const context = contextOf(message)
  const [email, priorityName] = [field(context, 'assigned_user'), field(context, 'incident_priority')]
  const user = email === undefined ? undefined : await rest.userOf(email)
  const priority = priorityName === undefined ? undefined : await rest.priorityOf(priorityName)
  const escalation = field(context, 'assigned_policy_id') ?? policy
  const urgency = own.text('urgency')
  const grave = message.alert.severity === 'high' || message.alert.severity === 'critical'
  return {
    title: cutText(own.text('incident_title') ?? wordsOf(message).title, mostSummary),
    urgency: urgency === 'high' || urgency === 'low' ? urgency : grave ? 'high' : 'low',
    ...(priority !== undefined && { priority: { id: priority, type: 'priority_reference' } }),
    ...(user !== undefined
      ? { assignments: [{ assignee: { id: user, type: 'user_reference' } }] }
      : escalation !== undefined && { escalation_policy: { id: escalation, type: 'escalation_policy_reference' } }),
  }
}

interface Work {
  readonly rest: PagerDutyRest
  readonly incident: string
  readonly from: string
  readonly host: OutputHost
}

/** The steps whose failure must not page anyone again. */
async function addPeopleAndNote(message: Message, { rest, incident, from, host }: Work): Promise<void> {
  const own = overridesOf(message.publication, 'pagerduty-incident')
  const context = contextOf(message)
  const asked = typeof context['responders'] === 'string' ? [context['responders']] : context['responders']
  const emails = Array.isArray(asked) ? asked.filter((one): one is string => typeof one === 'string') : []
  const note = [own.text('note') ?? field(context, 'note'), own.text('incident_body')]
    .filter((part) => part !== undefined)
    .join('\n\n')
  try {
    if (emails.length > 0) {
      const users = await Promise.all([from, ...emails].map((email) => rest.userOf(email)))
      const [requester, ...found] = users
      const responders = found.filter((user) => user !== undefined)
      const words = field(context, 'responder_message') ?? 'Please help with this incident.'
      if (requester !== undefined && responders.length > 0) await rest.request(incident, requester, responders, words)
    }
    if (note !== '') await rest.note(incident, cutText(note, longestNote))
  } catch (error) {
    const text = `PagerDuty has incident ${incident}, but not all was added to it: ${messageOf(error)}`
    host.log({ level: 'warn', code: 'OUTPUT_REJECTED', output: host.name, message: text })
  }
}

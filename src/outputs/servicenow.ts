import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message, Severity } from '../core/contracts/index.ts'
import { cutJson, cutText } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { fileTicket } from './shared/ticket.ts'
import { vendorSend } from './shared/vendor.ts'
import { field, incidentId, overridesOf, wordsOf } from './shared/words.ts'

/** Characters of a fresh instance's columns. */
const most = { short: 160, description: 4_000, notes: 4_000 }

/** 1 high, 2 medium, 3 low: an instance makes its priority of both. */
const urgencies: Readonly<Record<Severity, string>> = { critical: '1', high: '1', medium: '2', low: '3', info: '3' }
const impacts: Readonly<Record<Severity, string>> = { critical: '1', high: '2', medium: '2', low: '3', info: '3' }

const traits = {
  name: 'ServiceNow',
  hints: {
    401: 'The user or its password is wrong, or the token has expired.',
    403: 'The user may not write incidents: give it the role itil.',
    404: 'There is no such table, or the instance is another one.',
  },
}

/**
 * Opens an incident by the Table API:
 * https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html. Its
 * `correlation_id` is the alert's id, by which an incident that is there already is found; an update is a work note on it.
 * Publishers replace parts with `@servicenow.short_description`, `description`, `urgency`, `impact`, and add columns with
 * `@servicenow.fields`.
 *
 * Receipt: the incident's `sys_id`.
 */
export default defineOutput({
  name: 'servicenow',
  summary: 'Opens an incident in ServiceNow for each alert; updates become work notes.',
  setup: `In ServiceNow: make a user for StreamAlert with "Web service access only" and the role \`itil\` (or one that may create and write
incidents), and set its password; or give the user an OAuth token. An instance that sleeps (a developer's) answers with a page instead:
wake it.`,
  config: z
    .strictObject({
      instance: address('The instance, such as `https://acme.service-now.com`.'),
      user: text('The user, with its password.').optional(),
      password: secret('The password of the user.').optional(),
      token: secret('An OAuth access token, instead of user and password.').optional(),
      table: text('The table of incidents.').default('incident'),
      fields: z
        .record(z.string(), z.string())
        .default({})
        .meta({ description: 'Further columns of each incident, such as `assignment_group` or `caller_id`.' }),
    })
    .refine(
      ({ user, password, token }) => (token === undefined ? user !== undefined && password !== undefined : true),
      {
        error: 'needs either user and password, or token',
      },
    ),
  examples: [
    {
      title: 'For the security operations',
      config: {
        instance: 'https://acme.service-now.com',
        user: 'streamalert',
        password: 'secret:SERVICENOW_PASSWORD',
        fields: { assignment_group: 'Security Operations', category: 'security' },
      },
    },
  ],
  forPeople: true,
  publisherKeys: {
    short_description: 'The title.',
    description: 'The description.',
    urgency: '`1` to `3`.',
    impact: '`1` to `3`.',
    fields: 'An object of further columns.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const { user = '', password = '', token } = config
      const authorization =
        token === undefined ? vendor.basic(user, await vendor.secret(password)) : `Bearer ${await vendor.secret(token)}`
      const table = `${await vendor.base(config.instance)}/api/now/table/${encodeURIComponent(config.table)}`
      const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, json?: unknown) => {
        const answer = await vendor.call({ method, url: `${table}${path}`, headers: { authorization }, json })
        // A sleeping instance answers 200 and a page.
        if (answer !== undefined) return answer
        throw vendor.failure('OUTPUT_UNAVAILABLE', 'ServiceNow answers something that is no JSON.', {
          retry: 'later',
          hint: 'Is the instance awake?',
        })
      }
      const query = `sysparm_query=${encodeURIComponent(`correlation_id=${incidentId(message)}`)}`
      return fileTicket(message, {
        find: async () =>
          field(await call('GET', `?${query}&sysparm_fields=sys_id&sysparm_limit=1`), 'result', 0, 'sys_id'),
        create: async () =>
          field(await call('POST', '?sysparm_fields=sys_id', incidentOf(message, config.fields)), 'result', 'sys_id'),
        comment: async (id) => {
          await call('PATCH', `/${encodeURIComponent(id)}?sysparm_fields=sys_id`, { work_notes: notesOf(message) })
        },
      })
    },
  }),
})

function incidentOf(message: Message, fields: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const { alert } = message
  const { title, description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, 'servicenow')
  const head = [cutText(description, 1_000), facts.map(([label, value]) => `${label}: ${value}`).join('\n'), '']
    .filter((part, n) => part !== '' || n > 0)
    .join('\n\n')
  const body = changes ?? record
  const whole = `${head}${body ? cutJson(body, Math.max(most.description - head.length, 0), alert.id) : ''}`
  return {
    ...fields,
    short_description: cutText(own.text('short_description') ?? title, most.short),
    description: cutText(own.text('description') ?? whole, most.description),
    urgency: own.text('urgency') ?? urgencies[alert.severity],
    impact: own.text('impact') ?? impacts[alert.severity],
    correlation_id: incidentId(message),
    correlation_display: 'StreamAlert',
    ...own.object('fields'),
  }
}

const notesOf = (message: Message) => cutJson(wordsOf(message).changes ?? {}, most.notes, message.alert.id)

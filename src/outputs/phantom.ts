import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message, Severity } from '../core/contracts/index.ts'
import { cutText, cutValue } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { fileTicket } from './shared/ticket.ts'
import { vendorSend } from './shared/vendor.ts'
import { field, incidentId, wordsOf } from './shared/words.ts'

/** Characters of a name; bytes of a record and of a publication. */
const most = { name: 250, description: 2_000, data: 200_000 }

/** The severities every installation has. */
const severities: Readonly<Record<Severity, string>> = {
  info: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'high',
}

const traits = {
  name: 'Splunk SOAR',
  hints: {
    401: 'The token is wrong: take it from an automation user, under "Administration", "User Management".',
    403: 'The automation user may not make containers, or this address is not among its allowed ones.',
  },
}

/**
 * Makes a container with an artifact in Splunk SOAR:
 * https://help.splunk.com/en/splunk-soar/soar-on-premises/rest-api-reference/6.4.0/container-endpoints/rest-containers and
 * https://help.splunk.com/en/splunk-soar/soar-on-premises/rest-api-reference/6.4.0/artifact-endpoints/rest-artifact. The container's
 * `source_data_identifier` is the alert's id, by which one that is there already is found; an update is a further artifact
 * in it. The artifact's `cef` is the record, its `data` the publication.
 *
 * Receipt: the container's id.
 */
export default defineOutput({
  name: 'phantom',
  summary: 'Makes a container with an artifact in Splunk SOAR (formerly Phantom); updates become artifacts.',
  setup: `In Splunk SOAR: "Administration", "User Management", "Users", add a user of the type "Automation", give it the role "Automation", allow the
address StreamAlert sends from, and take its \`ph-auth-token\`. The label must exist under "Administration", "Event Settings".`,
  config: z.strictObject({
    url: address('Where Splunk SOAR is.'),
    token: secret('The `ph-auth-token` of an automation user.'),
    label: text('The label of the containers.').default('events'),
  }),
  examples: [{ title: 'On premises', config: { url: 'https://soar.acme.example', token: 'secret:PHANTOM_TOKEN' } }],
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const rest = `${await vendor.base(config.url)}/rest`
      const headers = { 'ph-auth-token': await vendor.secret(config.token) }

      /** Posts, and answers the id of what was made or is there already. */
      const post = async (what: 'container' | 'artifact', json: unknown) => {
        const existing = (answer: unknown) => field(answer, `existing_${what}_id`)
        const answer = await vendor.call({
          url: `${rest}/${what}`,
          headers,
          json,
          accept: (given) => existing(given) !== undefined,
        })
        const id = field(answer, 'id') ?? existing(answer)
        if (id !== undefined || answer === undefined) return id
        throw vendor.failure('OUTPUT_REJECTED', `Splunk SOAR refuses the ${what}: ${field(answer, 'message') ?? '?'}`)
      }

      return fileTicket(message, {
        find: async () => {
          const filter = `_filter_source_data_identifier=${encodeURIComponent(`"${incidentId(message)}"`)}`
          return field(
            await vendor.call({ method: 'GET', url: `${rest}/container?${filter}&page_size=1`, headers }),
            'data',
            0,
            'id',
          )
        },
        create: () => post('container', containerOf(message, config.label)),
        comment: async (id) => {
          await post('artifact', { container_id: Number(id), ...artifactOf(message), run_automation: true })
        },
      })
    },
  }),
})

function containerOf(message: Message, label: string): Readonly<Record<string, unknown>> {
  const { title, description } = wordsOf(message)
  return {
    name: cutText(title, most.name),
    description: cutText(description, most.description),
    label,
    severity: severities[message.alert.severity],
    source_data_identifier: incidentId(message),
    artifacts: [artifactOf(message)],
  }
}

function artifactOf(message: Message): Readonly<Record<string, unknown>> {
  const { alert, publication } = message
  const { record = {} } = wordsOf(message)
  return {
    name: cutText(alert.rule, most.name),
    label: 'alert',
    severity: severities[alert.severity],
    source_data_identifier: alert.id,
    start_time: new Date(alert.record.time).toISOString(),
    cef: cutValue(record, most.data, alert.id),
    data: cutValue(publication, most.data, alert.id),
  }
}

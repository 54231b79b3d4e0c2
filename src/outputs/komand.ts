import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { cutValue } from './shared/cut.ts'
import { secret, secretAddress } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'

const traits = {
  name: 'InsightConnect',
  hints: {
    401: 'The trigger asks for an API key, or the key is wrong: it must be a user or organisation key of the Insight platform.',
    404: 'The workflow or its trigger is gone: take the address from the trigger anew.',
  },
}

/** Bytes of an alert; Rapid7 publishes no limit for triggers. */
const largest = 200_000

/**
 * Starts a workflow by its API trigger: https://docs.rapid7.com/insightconnect/set-up-an-api-trigger. The body is
 * `{"data": <the publication>}`, as the predecessor's; `Idempotency-Key` carries the alert's id for those who look.
 */
export default defineOutput({
  name: 'komand',
  summary: 'Starts a workflow of Rapid7 InsightConnect (formerly Komand) with the alert.',
  setup: `In InsightConnect: make a workflow that starts with an "API Trigger", tick "Require API Key authentication", add one variable \`data\` of
type object, save, and take the trigger's address. The key is made under "API Keys" in the Insight platform. What a workflow does with an
alert that comes twice is up to the workflow: \`data.id\` is the alert's id, \`data.updates\` that of the alert it updates.`,
  config: z.strictObject({
    url: secretAddress("The trigger's address."),
    token: secret('The API key, sent as `X-API-Key`; leave it out for a trigger that asks for none.').optional(),
  }),
  examples: [{ title: 'A trigger with a key', config: { url: 'secret:KOMAND_TRIGGER', token: 'secret:KOMAND_KEY' } }],
  create: (config, host) => ({
    async send({ alert, publication }, signal) {
      const vendor = vendorSend(host, signal, traits)
      const url = await vendor.secretAddress(config.url)
      const key = config.token === undefined ? {} : { 'x-api-key': await vendor.secret(config.token) }
      const json = { data: cutValue(publication, largest, alert.id) }
      await vendor.call({ url, headers: { ...key, 'idempotency-key': alert.id }, json })
    },
  }),
})

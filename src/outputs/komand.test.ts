import { publish } from '../core/publish.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import komand from './komand.ts'

const path = '/connect/v1/execute/async/events/1b4e28ba-2fa1-11d2-883f-0016d3cca427'

httpOutputContract({
  kind: komand,
  config: (url) => ({ url: `${url}${path}`, token: 'secret:KEY' }),
  secrets: { KEY: 'r4p1d7-k3y-0123456789abc' },
  request: (alert) => ({
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      'x-api-key': 'r4p1d7-k3y-0123456789abc',
      'idempotency-key': sampleAlert.id,
    },
    json: { data: publish(alert) },
  }),
  success: { status: 200, body: '{"id":"7"}' },
  update: {
    requests: [
      {
        method: 'POST',
        path,
        headers: { 'idempotency-key': sampleUpdate.id },
        json: { data: publish(sampleUpdate) },
      },
    ],
  },
  largestBody: 210_000,
})

import type { HttpOutputContract } from './output-contract.ts'
import { sampleAlert, sampleChanges, sampleFacts } from './sample-alert.ts'

/** What `httpOutputContract` expects of outputs that speak as Opsgenie does: its successor took the form over. */
export const genieContract = (path: string, key: string): Omit<HttpOutputContract, 'kind'> => {
  const headers = { authorization: `GenieKey ${key}`, 'content-type': 'application/json' }
  return {
    config: (url) => ({ apiKey: 'secret:KEY', api: url }),
    secrets: { KEY: key },
    request: () => ({
      method: 'POST',
      path,
      headers,
      json: {
        message: 'sudo on web-3.pci',
        alias: sampleAlert.id,
        description: `${sampleAlert.description}\n\n${JSON.stringify(sampleAlert.record.data, null, 2)}`,
        priority: 'P2',
        source: 'StreamAlert',
        tags: ['streamalert', 'sudo-in-pci'],
        details: { ...sampleFacts, Alert: sampleAlert.id },
      },
    }),
    success: { status: 202, body: '{"result":"Request will be processed","took":0.1,"requestId":"r1"}' },
    receipt: sampleAlert.id,
    update: {
      requests: [
        {
          method: 'POST',
          path: `${path}/${sampleAlert.id}/notes?identifierType=alias`,
          headers,
          json: { note: JSON.stringify(sampleChanges, null, 2), source: 'StreamAlert' },
        },
      ],
    },
    largestBody: 60_000,
  }
}

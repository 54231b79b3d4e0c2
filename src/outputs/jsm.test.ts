import { httpOutputContract } from '../testing/output-contract.ts'
import { sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import jsm from './jsm.ts'

const { records: _, ...changes } = sampleUpdate.mergedFrom!
const headers = { authorization: 'GenieKey jsm-k3y-0123456789abc', 'content-type': 'application/json' }

httpOutputContract({
  kind: jsm,
  config: (url) => ({ apiKey: 'secret:KEY', api: url }),
  secrets: { KEY: 'jsm-k3y-0123456789abc' },
  request: () => ({
    method: 'POST',
    path: '/jsm/ops/integration/v2/alerts',
    headers,
    json: {
      message: 'sudo on web-3.pci',
      alias: sampleAlert.id,
      description: `${sampleAlert.description}\n\n${JSON.stringify(sampleAlert.record.data, null, 2)}`,
      priority: 'P2',
      source: 'StreamAlert',
      tags: ['streamalert', 'sudo-in-pci'],
      details: {
        Rule: 'sudo-in-pci',
        Severity: 'high',
        Cluster: 'pci',
        Source: 'file:osquery',
        Schema: 'osquery:differential',
        Time: '2026-02-03T10:02:11.000Z',
        Alert: sampleAlert.id,
      },
    },
  }),
  success: { status: 202, body: '{"result":"Request will be processed","requestId":"r1"}' },
  receipt: sampleAlert.id,
  update: {
    requests: [
      {
        method: 'POST',
        path: `/jsm/ops/integration/v2/alerts/${sampleAlert.id}/notes?identifierType=alias`,
        headers,
        json: { note: JSON.stringify(changes, null, 2), source: 'StreamAlert' },
      },
    ],
  },
  largestBody: 60_000,
})

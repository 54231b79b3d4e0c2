import type { Alert, Message } from '../core/contracts/index.ts'
import { publish } from '../core/publish.ts'

/** An alert for the tests of outputs. */
export const sampleAlert: Alert = {
  id: '3f9a1c2e77aa4d10b2c45e6f70819243',
  rule: 'sudo-in-pci',
  severity: 'high',
  title: 'sudo on web-3.pci',
  description: 'Someone used sudo on a host of the PCI environment.',
  createdAt: '2026-02-03T10:02:12.000Z',
  cluster: 'pci',
  source: 'file:osquery',
  schema: 'osquery:differential',
  record: {
    id: '9b1f0c55d2a84e6f8c3d7a1e5b902846',
    source: 'file:osquery',
    cluster: 'pci',
    position: 'logs/pci/osquery.log#1200',
    receivedAt: Date.UTC(2026, 1, 3, 10, 2, 12),
    schema: 'osquery:differential',
    time: Date.UTC(2026, 1, 3, 10, 2, 11),
    data: {
      hostIdentifier: 'web-3.pci',
      action: 'added',
      columns: { username: 'älice', cmdline: 'sudo cat /etc/shadow' },
    },
    normalised: { user: ['älice'] },
  },
  outputs: ['webhook:hook'],
  context: { shift: 'night' },
  staged: false,
}

/** What the dispatcher gives to an output for an alert that no publisher changes. */
export const messageOf = (alert: Alert): Message => ({ alert, publication: publish(alert) })

/** The update that follows the sample alert when its window closes. */
export const sampleUpdate: Alert = {
  ...sampleAlert,
  id: 'c0ffee2e77aa4d10b2c45e6f70819243',
  createdAt: '2026-02-03T10:07:12.000Z',
  mergedFrom: {
    count: 3,
    first: '2026-02-03T10:02:11.000Z',
    last: '2026-02-03T10:06:40.000Z',
    by: { hostIdentifier: 'web-3.pci' },
    records: ['9b1f0c55d2a84e6f8c3d7a1e5b902846', '1c5f', '2d6f'],
    common: { action: 'added', hostIdentifier: 'web-3.pci' },
    differences: { 'columns.cmdline': ['sudo cat /etc/shadow', 'sudo -i'] },
  },
  updates: sampleAlert.id,
}

/** What outputs show of the update beside its facts: all of the summary but the ids of records. */
export const sampleChanges = Object.fromEntries(
  Object.entries(sampleUpdate.mergedFrom ?? {}).filter(([key]) => key !== 'records'),
)

/** The facts that outputs for people show of the sample alert; its id follows. */
export const sampleFacts = {
  Rule: 'sudo-in-pci',
  Severity: 'high',
  Cluster: 'pci',
  Source: 'file:osquery',
  Schema: 'osquery:differential',
  Time: '2026-02-03T10:02:11.000Z',
}

/** The facts that the update adds, before the id. */
export const sampleUpdateFacts = {
  Records: '3',
  First: '2026-02-03T10:02:11.000Z',
  Last: '2026-02-03T10:06:40.000Z',
}

/** An alert with a record of more than 500 KB times `factor`, of kinds that break what is careless: far more than any vendor takes. */
export function largeAlert(factor = 1): Alert {
  const data = JSON.parse('{"__proto__": {"polluted": "yes"}, "fences": "``` <!channel> {code} \\u0000"}') as object
  const many = Array.from({ length: 2_000 }, (_, n) => ({ n, path: `/a/${n}/${'😀'.repeat(25)}` }))
  const record = { ...sampleAlert.record, data: { ...data, long: 'ä😀'.repeat(60_000 * factor), many } }
  return {
    ...sampleAlert,
    title: `${'long '.repeat(2_000)}title\nof lines`,
    context: { big: 12345678901234567890n },
    record,
  }
}

import { randomBytes } from 'node:crypto'
import type { Alert, Message } from '../core/contracts/index.ts'
import { publish } from '../core/publish.ts'

/**
 * An alert that says it is a test, for one output. It has an id of its own each time, so that no vendor takes it for a repeat; it
 * is stored nowhere.
 */
export function testMessage(output: string, cluster: string, now: number): Message {
  const id = () => randomBytes(16).toString('hex')
  const source = 'streamalert:output-test'
  const schema = 'streamalert:test'
  const alert: Alert = {
    id: id(),
    rule: 'streamalert-output-test',
    severity: 'info',
    title: `[TEST] StreamAlert can reach ${output}`,
    description: 'This is a test, sent by "streamalert output test". Nothing happened, and nobody needs to act.',
    createdAt: new Date(now).toISOString(),
    cluster,
    source,
    schema,
    record: {
      id: id(),
      source,
      cluster,
      position: 'output-test#0',
      receivedAt: now,
      schema,
      time: now,
      data: { test: true, output },
    },
    outputs: [output],
    context: {},
    staged: false,
  }
  return { alert, publication: publish(alert) }
}

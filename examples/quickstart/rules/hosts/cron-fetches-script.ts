import { defineRule } from 'streamalert'
import { osqueryDifferential } from 'streamalert/schemas'

/** A download that goes straight into a shell, or code that hides in base64. */
const fetchesAndRuns = /\b(?:curl|wget)\b[^|;&]*\|\s*(?:ba|z|da)?sh\b|\bbase64\s+(?:-d|--decode)\b/

export default defineRule({
  name: 'cron-fetches-script',
  description: 'A new cron job downloads code and runs it: a common way to come back.',
  severity: 'high',
  schemas: [osqueryDifferential],
  attack: ['T1053.003'],
  match: (record) =>
    record.action === 'added' &&
    record.name.endsWith('crontab') &&
    fetchesAndRuns.test(record.columns['command'] ?? ''),
  title: (record) => `Cron job on ${record.hostIdentifier} fetches and runs code`,
  context: (record) => ({ command: record.columns['command'], file: record.columns['path'] }),
})

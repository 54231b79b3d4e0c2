import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

/** A download that goes straight into a shell, or code that hides in base64. */
const fetchesAndRuns =
  /\b(?:curl|wget|fetch)\b[^|;&]*\|\s*(?:sudo\s+)?(?:\S*\/)?(?:ba|z|da)?sh\b|\bbase64\s+(?:-d|-D|--decode)\b|\/dev\/tcp\//

export default defineRule({
  name: 'osquery-job-fetches-code',
  description: 'A new job of cron, systemd or launchd downloads code and runs it: a common way to come back.',
  severity: 'high',
  schemas: [osqueryDifferential],
  where: [
    { action: 'added', name: { endsWith: 'crontab' }, 'columns.command': { matches: fetchesAndRuns } },
    { action: 'added', name: { endsWith: 'launchd' }, 'columns.program_arguments': { matches: fetchesAndRuns } },
    { action: 'added', name: { endsWith: 'startup_items' }, 'columns.args': { matches: fetchesAndRuns } },
  ],
  title: (record) => `A job on ${record.hostIdentifier} fetches and runs code`,
  context: (record) => ({ columns: record.columns }),
  tags: ['osquery', 'hosts'],
  attack: ['T1053.003', 'T1543.001', 'T1105'],
  references: ['https://osquery.io/schema/current#crontab'],
  runbook:
    '1. Read the job, and fetch what it fetches with care. 2. If nobody knows of it, isolate the host and remove the job. 3. Search all hosts for the same address.',
  falsePositives: ['Installers that update themselves in this way; they should not.'],
})

import { linuxSyslog } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'linux-backup-failed',
  description: 'A backup of a Linux host did not finish.',
  severity: 'medium',
  schemas: [linuxSyslog],
  where: [
    {
      appname: {
        matches: /backup|restic|borg|bareos|bacula|duplicity|rsnapshot|rdiff|pgbackrest|barman|veeam|amanda/i,
      },
      message: { matches: /\b(?:fail(?:ed|ure)|fatal|error|aborted|unable to)\b/i },
    },
    // What systemd says of the unit, whatever the program says itself.
    {
      appname: 'systemd',
      message: { matches: /(?:backup|restic|borg|bareos|pgbackrest|rsnapshot)\S*\.service: Failed with result/i },
    },
  ],
  match: (record) => !/\b(?:0|no) (?:errors?|failures?|failed)\b/i.test(record.message),
  title: (record) => `The backup of ${record.hostname ?? 'a host'} failed`,
  context: (record) => ({ program: record.appname, message: record.message }),
  merge: { by: ['hostname'], window: '12h' },
  tags: ['linux', 'hosts', 'infrastructure', 'compliance'],
  references: ['https://restic.readthedocs.io/en/stable/075_scripting.html'],
  runbook:
    '1. Read what failed. 2. Repair it: room, rights, a lock that was left, or the network. 3. Run the backup again, and see when the last good one was made. 4. If data was deleted there, look for who did it.',
  falsePositives: ['Single files that changed while they were read.'],
})

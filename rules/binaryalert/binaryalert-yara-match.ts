import { binaryalert } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'binaryalert-yara-match',
  description: 'BinaryAlert found a file that YARA rules match.',
  severity: 'high',
  schemas: [binaryalert],
  where: { NumMatchedRules: { greaterThan: 0 } },
  title: (event) =>
    `${event.FileInfo.S3Location ?? 'A file'} matches ${
      Object.values(event.MatchedRules)
        .map((rule) => rule.RuleName)
        .filter(Boolean)
        .join(', ') || 'a YARA rule'
    }`,
  context: (event) => ({ md5: event.FileInfo.MD5, sha256: event.FileInfo.SHA256 }),
  merge: { by: ['FileInfo.SHA256'], window: '1d' },
  tags: ['community', 'malware'],
  attack: ['T1204.002'],
  references: ['https://github.com/airbnb/binaryalert'],
  runbook:
    '1. Find out where the file came from and who has it. 2. Look its hash up, and read the YARA rule that matched. 3. Isolate the machines that have run it.',
  falsePositives: ['YARA rules that are too wide, and tools of the security team.'],
})

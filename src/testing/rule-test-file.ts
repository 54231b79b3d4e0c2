import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { z } from 'zod'
import { CodedError, type Place, Problems } from '../core/errors.ts'
import { severities } from '../core/severity.ts'
import { issuesToProblems } from '../project/issues.ts'
import { parseJsonFile } from '../project/json.ts'

const given = {
  record: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'A record as the rule sees it; the schema checks it.' }),
  text: z.string().optional().meta({ description: 'A raw log line; it is parsed and classified as when it runs.' }),
  override: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: "Fields to change in the schema's sample record. Null removes nothing: it sets null." }),
  schema: z
    .string()
    .optional()
    .meta({ description: "The log type of `record` or `override`. Default: the rule's first that takes it." }),
  time: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Event time, in place of the one the record states.' }),
} as const

const hasOne = (event: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  keys.filter((key) => event[key] !== undefined).length === 1

const event = z
  .strictObject(given)
  .refine((value) => hasOne(value, ['record', 'text', 'override']), 'needs exactly one of record, text and override')

/** One case of a rule's tests. */
export const ruleTest = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'What the case shows.' }),
    rule: z.string().optional().meta({ description: 'Which rule, when the file beside holds several.' }),
    ...given,
    records: z.array(event).min(1).optional().meta({ description: 'Several records, for rules that count or merge.' }),
    cluster: z
      .string()
      .optional()
      .meta({ description: "Where the records come from. Default: the rule's first cluster." }),
    alerts: z.boolean().meta({ description: 'Whether an alert is expected.' }),
    title: z.string().optional().meta({ description: 'Title the alert must have.' }),
    severity: z.enum(severities).optional().meta({ description: 'Severity the alert must have.' }),
    dedup: z
      .string()
      .optional()
      .meta({ description: 'Key the alert must have: the values of `by` or `per`, separated by a comma and a space.' }),
    lookups: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .optional()
      .meta({ description: "Lookup tables, table → key → value, in place of the project's tables of these names." }),
    now: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'When the records are received: the time of those that state none.' }),
    outputs: z.array(z.string()).optional().meta({ description: 'Outputs the alert must go to, in any order.' }),
  })
  .refine(
    (value) => hasOne(value, ['record', 'text', 'override', 'records']),
    'needs exactly one of record, text, override and records',
  )
  .refine(
    (value) => value.alerts || (value.title ?? value.severity ?? value.dedup ?? value.outputs) === undefined,
    'expects no alert, hence no title, severity, dedup or outputs of it',
  )

/** A `<rule>.test.json` beside a rule's file. */
export const ruleTestFile = z.array(ruleTest)

export type RuleTest = z.output<typeof ruleTest>
export type RuleTestEvent = z.output<typeof event>

/** Reads a test file. Throws TEST_FILE_INVALID, or Problems with every such fault; places are relative to `dir`. */
export function readRuleTests(file: string, dir: string): RuleTest[] {
  const json = parseJsonFile(readFileSync(file, 'utf8'), relative(dir, file), 'TEST_FILE_INVALID')
  const parsed = ruleTestFile.safeParse(json.value)
  if (parsed.success) return parsed.data
  const problems = issuesToProblems(parsed.error.issues, ruleTestFile, json)
  throw new Problems(problems.map(({ message, place, hint }) => invalid(message, place, hint)))
}

const invalid = (message: string, place: Place, hint?: string) =>
  new CodedError('TEST_FILE_INVALID', message, { place, ...(hint !== undefined && { hint }) })

import type { CodedError } from '../core/errors.ts'
import { formatProblem } from '../core/errors.ts'
import type { Entry, Result } from './report.ts'

/** How many things became of what. */
export interface Summary {
  readonly converted: number
  readonly changed: number
  readonly notConvertible: number
  readonly problems: number
  /** Test events that are classified as the log type they name, and all of them. */
  readonly events: { readonly right: number; readonly all: number }
}

export function summarise(entries: readonly Entry[], problems: readonly CodedError[]): Summary {
  const of = (result: Result) => entries.filter((entry) => entry.result === result).length
  const events = entries.filter(isEvent)
  return {
    converted: of('converted'),
    changed: of('changed'),
    notConvertible: of('not-convertible'),
    problems: problems.length,
    events: { right: events.filter((entry) => entry.result !== 'not-convertible').length, all: events.length },
  }
}

const isEvent = ({ what }: Entry) => what === 'test event'

/** IMPORT.md: what became of everything, for a person. */
export function renderReport(entries: readonly Entry[], problems: readonly CodedError[]): string {
  const { converted, changed, notConvertible, events } = summarise(entries, problems)
  const plain = entries.filter((entry) => entry.what !== 'rule' && !isEvent(entry))
  const of = (result: Result) => plain.filter((entry) => entry.result === result)
  const rules = entries.filter(({ what }) => what === 'rule')
  const misfits = entries.filter((entry) => isEvent(entry) && entry.result === 'not-convertible')
  return [
    '# What was imported',
    '',
    `Converted: ${converted}. Converted with a change: ${changed}. Not convertible: ${notConvertible}. Faults of the files: ${problems.length}.`,
    `Test events that are classified as the log type they name, among all of their source: ${events.right} of ${events.all}.`,
    '',
    ...section(
      'Faults of the files',
      problems.map((problem) => `- ${text(formatProblem(problem).replace(/\n\s*/g, ' '))}`),
    ),
    ...section('Test events that are not classified as the log type they name', misfits.map(line)),
    ...general,
    ...section('Converted with a change', of('changed').map(line)),
    ...section('Rules', rules.length === 0 ? [] : [...rulesIntroduction, ...rules.flatMap(ruleLines)]),
    ...section('Not convertible', of('not-convertible').map(line)),
    ...section('Converted as it was', of('converted').map(line)),
  ].join('\n')
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines, '']

const general = [
  '## What is different for all log types',
  '',
  '- Fields that a schema does not know are kept and counted; the record used to be refused. Where only that told two log types of a source apart, the schema says `extraFields: reject`.',
  '- A key that has to be there may be null, as before. A value is checked even when it is empty or zero; a text is not made of an object or a list, a boolean not of "yes" or 1.',
  '- Optional keys that a record lacks are absent; they used to be filled with empty values. An optional object may be absent.',
  '- Which log type a record is of does not depend on the order of files: the greatest `priority` wins, then the schema that demands most. A greater number comes first now; before, 0 did.',
  '- `time` is the event time: taken from the built-in schema of the same name where the fields fit, or guessed from the names of fields. Look it over.',
  '- `normalise` also has what the built-in schema of the same name says, where the fields fit: rules of the library look values up by these names.',
  '- What no schema takes is kept in quarantine with the reason, and can be tried again.',
  '- Records no longer hold `streamalert:envelope_keys` and `streamalert_normalization`: rules find them as `context.envelope` and `context.values(name)`.',
  '- A schema here stands in place of a built-in one of the same name. Delete it to use the built-in one, which knows more of what its fields mean.',
  '',
]

const rulesIntroduction = [
  'Rules were Python, and are written anew in TypeScript. The test events of each are in `import/rules` as tests for the new rule: put them beside it, as `rules/<name>.test.json`.',
  '',
]

function line({ what, name, from, to, notes }: Entry): string {
  const place = [from.file, from.line].filter((part) => part !== undefined).join(':')
  const target = to === undefined ? '' : ` → ${to}`
  return text(`- ${what} \`${name}\` (${place})${target}${notes.length === 0 ? '' : `: ${notes.join('; ')}`}`)
}

const ruleLines = (rule: Entry): string[] => [
  line(rule),
  ...(rule.events ?? []).map(({ description, alerts, file }) =>
    text(`  - ${alerts ? 'alert' : 'no alert'}: ${description} (${file})`),
  ),
]

/** On one line; `<` would begin HTML. */
const text = (given: string) => given.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').replaceAll('<', '&lt;')

import { rules } from '../../rules/index.ts'
import { libraryRules } from '../../src/project/index.ts'
import type { Rule } from '../../src/index.ts'
import { table } from './options.ts'

/** The page of the built-in rules: a list by vendor, then what each says of itself. */
export function rulesPage(): string {
  const vendorOf = new Map(libraryRules().map(({ name, vendor }) => [name, vendor]))
  const vendors = Map.groupBy(
    rules.toSorted((a, b) => a.info.name.localeCompare(b.info.name, 'en')),
    ({ info }) => vendorOf.get(info.name)!,
  )
  const sorted = [...vendors].toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  return [
    `# Rules\n\nStreamAlert brings ${rules.length} rules. None runs until a project names it in \`streamalert.yaml\`, by name or by glob of vendor and name:`,
    "```yaml\nlibrary: ['aws/*', okta-password-spray]\n```",
    'Rules tagged `community` are those of the Python version, with the same verdicts; `example` marks those that only show how a thing is done.',
    ...sorted.flatMap(([vendor, all]) => [`## ${vendor}`, indexOf(all), ...all.map(section)]),
  ].join('\n\n')
}

const indexOf = (all: readonly Rule[]) =>
  table(
    ['rule', 'severity', 'log types', 'ATT&CK'],
    all.map(({ info, severity }) => [
      `[\`${info.name}\`](#${info.name})`,
      severity ? 'by record' : info.severity,
      [...info.schemas, ...info.types.map((type) => `any with ${type}`)].map((name) => `\`${name}\``).join(', '),
      info.attack.map(technique).join(', '),
    ]),
  ).trimEnd()

const technique = (id: string) => `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`

function section({ info }: Rule): string {
  const facts = [
    `Tags: ${info.tags.map((tag) => `\`${tag}\``).join(', ')}`,
    ...(info.threshold ? [`Alerts on: ${thresholdText(info.threshold)}`] : []),
    ...(info.merge
      ? [`Merged by ${info.merge.by.map((path) => `\`${path}\``).join(', ')} within ${span(info.merge.windowMs)}`]
      : []),
    `What else may fire it: ${info.falsePositives.join(' ')}`,
    `See ${info.references.map((url) => `<${url}>`).join(', ')}`,
  ]
  const steps = (info.runbook ?? '').split(/ (?=\d\. )/)
  return [`### ${info.name}`, info.description, facts.map((fact) => `- ${fact}`).join('\n'), steps.join('\n')].join(
    '\n\n',
  )
}

function thresholdText({ count, per, windowMs, distinct, then }: NonNullable<Rule['info']['threshold']>): string {
  const what = distinct === undefined ? `${count} matches` : `${count} different \`${distinct}\``
  const end = then ? ', and then one of another kind' : ''
  return `${what} with equal ${per.map((path) => `\`${path}\``).join(', ')} within ${span(windowMs)}${end}`
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** Milliseconds as a rule writes them: `5m`. */
function span(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}

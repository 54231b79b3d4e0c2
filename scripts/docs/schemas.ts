import { schemas } from '../../schemas/index.ts'
import type { Field, Fields, Schema } from '../../src/index.ts'
import { isWrapper } from '../../src/core/fields/spec.ts'
import { table } from './options.ts'

const vendorOf = (schema: Schema) => schema.name.split(':')[0]!

/** One page that lists all log types, and one page a vendor with the fields. */
export function schemaPages(): Map<string, string> {
  const vendors = Map.groupBy(
    schemas.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
    vendorOf,
  )
  const index = [...vendors].flatMap(([vendor, all]) =>
    all.map(({ name, description, parse }) => [
      `[\`${name}\`](schemas/${vendor}.md#${anchor(name)})`,
      parse.parser.name,
      description,
    ]),
  )
  const intro = `StreamAlert knows ${schemas.length} log types. A source names them by name (\`cloudtrail:events\`), by group (\`cloudtrail\`) or by glob (\`osquery:*\`); rules import them from \`streamalert/schemas\`.`
  return new Map([
    ['schemas.md', `# Log types\n\n${intro}\n\n${table(['name', 'parser', 'what it is'], index)}`],
    ...[...vendors].map(([vendor, all]) => [`schemas/${vendor}.md`, vendorPage(vendor, all)] as const),
  ])
}

const anchor = (name: string) => name.replaceAll(/[^a-z0-9_-]/g, '')

function vendorPage(vendor: string, all: readonly Schema[]): string {
  const parts = all.map((schema) => {
    const facts = [
      `Parser: \`${schema.parse.parser.name}\`${optionsText(schema.parse.options)}`,
      ...(schema.time === undefined ? [] : [`Event time: \`${schema.time}\``]),
      ...(schema.patterns ? [`Only when: ${patternsText(schema.patterns)}`] : []),
      ...(schema.priority === 0 ? [] : [`Priority: ${schema.priority}`]),
    ]
    const meaning = Object.entries(schema.normalise).map(([name, paths]) => [
      `\`${name}\``,
      paths.map(({ path }) => `\`${path}\``).join(', '),
    ])
    return [
      `## ${schema.name}`,
      schema.description,
      facts.map((fact) => `- ${fact}`).join('\n'),
      table(['field', 'type'], fieldRows(schema.fields, '')).trimEnd(),
      ...(meaning.length > 0 ? [table(['normalised', 'from'], meaning).trimEnd()] : []),
    ].join('\n\n')
  })
  return `# ${vendor}\n\n${parts.join('\n\n')}\n`
}

function optionsText(options: unknown): string {
  const text = JSON.stringify(options)
  return text === undefined || text === '{}' ? '' : ` with \`${text}\``
}

function patternsText(patterns: NonNullable<Schema['patterns']>): string {
  return Object.entries(patterns)
    .map(
      ([field, globs]) =>
        `\`${field}\` is ${[globs]
          .flat()
          .map((glob) => `\`${glob}\``)
          .join(' or ')}`,
    )
    .join(', ')
}

/** Leaf fields by path; a list adds `[]`, a map `*`, what may be absent or null a question mark. */
function fieldRows(fields: Fields, prefix: string): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => rows(`${prefix}${name}`, field, false))
}

function rows(path: string, field: Field, optional: boolean): string[][] {
  if (typeof field === 'string') {
    return [[`\`${path}\``, `${field.replace('?', '')}${optional || field.endsWith('?') ? '?' : ''}`]]
  }
  if (!isWrapper(field)) return fieldRows(field, `${path}.`)
  if (field.kind === 'list') return rows(`${path}[]`, field.of, optional)
  if (field.kind === 'map') return rows(`${path}.*`, field.of, optional)
  return rows(path, field.of, true)
}

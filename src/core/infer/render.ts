import { type Field, type Fields, isWrapper } from '../fields/spec.ts'

/** What a schema file says. */
export interface SchemaText {
  /** `vendor:type`. */
  readonly name: string
  readonly description: string
  /** The parser as code, such as `json({ path: 'Records[*]' })`. */
  readonly parse: string
  readonly fields: Fields
  readonly time?: string
  readonly normalise: Readonly<Record<string, readonly string[]>>
}

/** A schema as a TypeScript file that compiles. */
export function renderSchema({ name, description, parse, fields, time, normalise }: SchemaText): string {
  const lines = [
    `import { ${['defineSchema', ...wrappersIn(fields)].toSorted().join(', ')} } from 'streamalert'`,
    `import { ${[...new Set(parse.match(/\b[a-zA-Z]\w*(?=\()/g) ?? [])].join(', ')} } from 'streamalert/parsers'`,
    '',
    `export const ${identifier(name)} = defineSchema({`,
    `  name: ${quoted(name)},`,
    `  description: ${quoted(description)},`,
    `  parse: ${parse},`,
    ...(time === undefined ? [] : [`  time: ${quoted(time)},`]),
    `  fields: ${renderField(fields, 1)},`,
    ...(Object.keys(normalise).length === 0 ? [] : [`  normalise: ${renderNormalise(normalise)},`]),
    '})',
    '',
  ]
  return lines.join('\n')
}

/** The functions that fields are written with. */
export const wrappersIn = (fields: Fields): string[] =>
  ['list', 'map', 'nullable', 'optional'].filter((wrapper) => uses(fields, wrapper))

/** Fields as code; `depth` is that of the line they begin on, two blanks each. */
export function renderField(field: Field, depth: number): string {
  if (typeof field === 'string') return quoted(field)
  if (isWrapper(field)) return `${field.kind}(${renderField(field.of, depth)})`
  const indent = '  '.repeat(depth + 1)
  const members = Object.entries(field).map(([name, of]) => `${indent}${key(name)}: ${renderField(of, depth + 1)},\n`)
  return members.length === 0 ? '{}' : `{\n${members.join('')}${'  '.repeat(depth)}}`
}

function renderNormalise(normalise: SchemaText['normalise']): string {
  const members = Object.entries(normalise).map(([meaning, paths]) => {
    const texts = paths.map(quoted)
    return `    ${key(meaning)}: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`},\n`
  })
  return `{\n${members.join('')}  }`
}

function uses(field: Field, wrapper: string): boolean {
  if (typeof field === 'string') return false
  if (isWrapper(field)) return field.kind === wrapper || uses(field.of, wrapper)
  return Object.values(field).some((inner) => uses(inner, wrapper))
}

/** A name as the key of an object literal. */
export const key = (name: string) =>
  /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : name === '__proto__' ? `['__proto__']` : quoted(name)

/** A text as a literal. JSON's escapes are JavaScript's; line separators it leaves as they are are fine in modules. */
export const quoted = (text: string) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

/** `okta:system_log` → `oktaSystemLog`. */
export function identifier(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const camel = words.map((word, n) => (n === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('')
  return /^\d/.test(camel) ? `_${camel}` : camel
}

import { identifier, key, quoted, renderField, wrappersIn } from '../core/infer/render.ts'
import { type ParserCall, isCall } from './parser.ts'
import type { Draft } from './schema.ts'

/** Log types as a TypeScript file. */
export function renderSchemas(drafts: readonly Draft[]): string {
  const wrappers = drafts.flatMap(({ options }) => [options.fields, options.envelope ?? {}]).flatMap(wrappersIn)
  const parsers = drafts.flatMap(({ parse }) => kindsIn(parse))
  const lines = (names: readonly string[]) => [...new Set(names)].toSorted().join(', ')
  const taken = new Set([...wrappers, ...parsers, 'defineSchema'])
  return [
    `import { ${lines(['defineSchema', ...wrappers])} } from 'streamalert'`,
    `import { ${lines(parsers)} } from 'streamalert/parsers'`,
    ...drafts.map((draft) => `\n${renderSchema(draft, unused(identifier(draft.options.name), taken))}`),
    '',
  ].join('\n')
}

function renderSchema({ parse, options }: Draft, name: string): string {
  const { fields, envelope, normalise, ...plain } = options
  const parts: [string, string | undefined][] = [
    ['name', quoted(plain.name)],
    ['description', quoted(plain.description)],
    ['parse', renderCall(parse)],
    ['fields', renderField(fields, 1)],
    ['envelope', envelope && renderField(envelope, 1)],
    ['time', plain.time && quoted(plain.time)],
    ['patterns', plain.patterns && literal(plain.patterns, 1)],
    ['priority', plain.priority === undefined ? undefined : String(plain.priority)],
    ['extraFields', plain.extraFields && quoted(plain.extraFields)],
    ['normalise', Object.keys(normalise).length === 0 ? undefined : literal(shortened(normalise), 1)],
    ['sensitive', plain.sensitive && literal(plain.sensitive, 1)],
  ]
  const lines = parts.flatMap(([option, text]) => (text === undefined ? [] : [`  ${option}: ${text},`]))
  return [`export const ${name} = defineSchema({`, ...lines, '})'].join('\n')
}

/** A path without a condition needs no more than its text, and one alone no list. */
function shortened(normalise: Draft['options']['normalise']) {
  const entries = Object.entries(normalise).map(([type, paths]) => {
    const texts = paths.map((one) => (one.when === undefined ? one.path : one))
    return [type, texts.length === 1 ? texts[0] : texts]
  })
  return Object.fromEntries(entries)
}

const renderCall = ({ parser, options }: ParserCall): string =>
  `${parser}(${Object.keys(options).length === 0 ? '' : literal(options, 1)})`

const kindsIn = ({ parser, options }: ParserCall): string[] => [
  parser,
  ...Object.values(options).flatMap((value) => (isCall(value) ? kindsIn(value) : [])),
]

/** Plain data as code: on one line where that is not too long. */
function literal(value: unknown, depth: number): string {
  if (isCall(value)) return renderCall(value)
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const list = Array.isArray(value)
  const members = list
    ? value.map((inner) => literal(inner, depth + 1))
    : Object.entries(value).map(([name, inner]) => `${key(name)}: ${literal(inner, depth + 1)}`)
  const [open, close] = list ? ['[', ']'] : ['{ ', ' }']
  const line = `${open}${members.join(', ')}${close}`
  if (members.length === 0) return list ? '[]' : '{}'
  if (line.length < 90 && !line.includes('\n')) return line
  const indent = '  '.repeat(depth + 1)
  return `${open.trim()}\n${members.map((member) => `${indent}${member},\n`).join('')}${'  '.repeat(depth)}${close.trim()}`
}

/** A name that nothing in the file has, and that JavaScript allows. */
function unused(name: string, taken: Set<string>): string {
  const free = (candidate: string) => !taken.has(candidate) && !reserved.has(candidate)
  const numbered = Array.from({ length: taken.size + 2 }, (_, n) => (n < 2 ? `${name}Log` : `${name}Log${n}`))
  const found = [name, ...numbered].find(free) as string
  taken.add(found)
  return found
}

const reserved: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
)

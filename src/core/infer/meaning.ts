import { type Field, type Fields, isWrapper } from '../fields/spec.ts'

/** A field with its path and the name of its type. */
interface Leaf {
  readonly path: string
  readonly name: string
  readonly type: string
  readonly required: boolean
}

/** The path most likely to be the event time: a timestamp near the top, with the name that logs use most. */
export function guessTime(fields: Fields): string | undefined {
  const names = [
    'eventtime',
    '@timestamp',
    'timestamp',
    'time',
    'published',
    'ts',
    'datetime',
    'date',
    'created',
    'createdat',
  ]
  const rank = ({ name, path, required }: Leaf) => {
    const known = names.indexOf(name.toLowerCase().replaceAll('_', ''))
    return (known < 0 ? names.length : known) + path.split('.').length * 20 + (required ? 0 : 10)
  }
  const times = leavesOf(fields).filter(
    ({ type, name }) => type === 'timestamp' || (/^(integer|float)$/.test(type) && isTimeName(name)),
  )
  return times.toSorted((a, b) => rank(a) - rank(b))[0]?.path
}

const isTimeName = (name: string) => /^(ts|time|timestamp|event_?time|unix_?time|epoch)$/i.test(name)

/** Semantic names, by what a field is called and what type it has. The first that fits counts. */
const meanings: readonly (readonly [meaning: string, type: RegExp, path: RegExp])[] = [
  ['destination_ip', /^ip$/, /(^|[._])(dst|dest|destination|server|target)/i],
  ['source_ip', /^ip$/, /(^|[._])(src|source|client|remote|caller|actor|user|peer|ip|addr)/i],
  ['ip_address', /^ip$/, /./],
  ['user', /^string$/, /(^|[._])(user|username|user_?name|login|account|account_?name|principal|actor|email|upn)$/i],
  ['command', /^string$/, /(^|[._])(cmd|command|cmd_?line|command_?line|process_?args)$/i],
  ['process', /^string$/, /(^|[._])(process|process_?name|exe|executable|image)$/i],
  ['file_path', /^string$/, /(^|[._])(path|file_?path|file_?name|file)$/i],
  ['file_hash', /^string$/, /(^|[._])(md5|sha1|sha256|hash)$/i],
  ['domain', /^string$/, /(^|[._])(domain|query|fqdn|dns_?name|host_?header)$/i],
  ['host', /^string$/, /(^|[._])(host|hostname|host_?name|host_?identifier|computer|device_?name)$/i],
  ['url', /^string$/, /(^|[._])(url|uri|request_?uri)$/i],
  ['user_agent', /^string$/, /(^|[._])(user_?agent|ua)$/i],
]

/** Semantic name → paths. A guess, for a person to look over. */
export function guessMeanings(fields: Fields): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  for (const { path, type } of leavesOf(fields)) {
    const snake = path.replace(/([a-z])([A-Z])/g, '$1_$2')
    const meaning = meanings.find(([, wanted, name]) => wanted.test(type) && name.test(snake))?.[0]
    if (meaning !== undefined) found.set(meaning, [...(found.get(meaning) ?? []), path])
  }
  return Object.fromEntries(found)
}

function leavesOf(fields: Fields, above = '', required = true): Leaf[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path =
      above + (/^[\w@$-]+$/.test(name) ? `${above === '' ? '' : '.'}${name}` : `['${name.replaceAll("'", "\\'")}']`)
    return leaf(field, path, name, required)
  })
}

function leaf(field: Field, path: string, name: string, required: boolean): Leaf[] {
  if (typeof field === 'string') {
    return [{ path, name, type: field.replace('?', ''), required: required && !field.endsWith('?') }]
  }
  if (!isWrapper(field)) return leavesOf(field, path, required)
  return field.kind === 'map' ? [] : leaf(field.of, path, name, required && field.kind === 'list')
}

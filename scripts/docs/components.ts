import { stringify } from 'yaml'
import { parsers } from '../../src/parsers/index.ts'
import { outputOptions, sourceOptions } from '../../src/project/index.ts'
import { toJsonSchema } from './json-schema.ts'
import { lookups, outputs, secrets, sources } from './kinds.ts'
import { optionTable, table } from './options.ts'

interface Kind {
  readonly name: string
  readonly summary: string
  readonly setup?: string
  readonly publisherKeys?: Readonly<Record<string, string>>
  readonly config: Parameters<typeof toJsonSchema>[0]
  readonly examples: readonly { readonly title: string; readonly config: unknown }[]
}

export const sourcesPage = () =>
  componentPage(
    'sources',
    'Where logs come from.',
    sources,
    `Every source also takes:\n\n${optionTable(toJsonSchema(sourceOptions))}`,
  )

/** A table of all outputs, and a page for each. */
export const outputPages = (): [string, string][] => [
  ['outputs.md', outputsTable()],
  ...outputs.map((kind): [string, string] => [`outputs/${kind.name}.md`, outputPage(kind)]),
]

function outputsTable(): string {
  const rows = outputs.map(({ name, summary, forPeople = false }) => {
    return [`[${name}](outputs/${name}.md)`, summary, forPeople ? 'yes' : '']
  })
  const parts = [
    '# Outputs',
    'Where alerts go. In `streamalert.yaml`: `outputs` → kind → a name of yours → options. `streamalert output add KIND` asks for them.',
    'In those for people (chats, pagers, e-mail, tickets), values of fields that a log type calls `sensitive` are shown as `•••`, and [rate limits](../alerts.md#rate-limits-and-digests) hold; other outputs get all alerts, and get them whole.',
    common(outputOptions).trim(),
    table(['kind', 'does', 'for people'], rows).trim(),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function outputPage(kind: Kind): string {
  const { name, summary, setup, publisherKeys = {}, config } = kind
  const keys = Object.entries(publisherKeys).map(([key, meaning]) => [`\`@${name}.${key}\``, meaning])
  const said = `[Publishers](../../publishers.md) may say to it:\n\n${table(['key', 'meaning'], keys)}`
  return [
    `# ${name}`,
    summary,
    ...(setup === undefined ? [] : [`## Setting it up\n\n${setup}`]),
    `## Options\n\n${optionTable(toJsonSchema(config)).trim()}`,
    ...examplesOf('outputs', kind).map((example) => example.trim()),
    ...(keys.length === 0 ? [] : [`## What publishers can say\n\n${said}`]),
  ].join('\n\n')
}

export const lookupsPage = () =>
  componentPage(
    'lookups',
    'Tables that rules read with `context.lookup`.',
    lookups,
    'Each `.json` and `.csv` file in `lookups/` is a table of its own name without being configured.',
  )

/** Providers are a list, in the order in which they are asked. */
export function secretsPage(): string {
  const parts = secrets.map(({ name, summary, config, examples }) => {
    const shown = examples.map(
      ({ title, config: options }) =>
        `${title}:\n\n\`\`\`yaml\n${stringify({ secrets: [{ [name]: options }] })}\`\`\`\n`,
    )
    return `## ${name}\n\n${summary}\n\n${optionTable(toJsonSchema(config))}\n${shown.join('\n')}`
  })
  return [
    '# Providers of secrets',
    'Where values written `secret:NAME` come from. In `streamalert.yaml`: `secrets` is a list of kind → options; the first that has a value gives it. Default: `environment`, then `file`. More: [secrets](../secrets.md).',
    ...parts,
  ].join('\n\n')
}

function common(options: Parameters<typeof toJsonSchema>[0]): string {
  const schema = toJsonSchema(options)
  return Object.keys(schema.properties ?? {}).length === 0 ? '' : `Every one also takes:\n\n${optionTable(schema)}`
}

type Section = 'sources' | 'outputs' | 'lookups'

const examplesOf = (section: Section, { name, examples }: Kind): string[] =>
  examples.map(
    ({ title, config }) =>
      `${title}:\n\n\`\`\`yaml\n${stringify({ [section]: { [name]: { 'my-name': config } } })}\`\`\`\n`,
  )

function componentPage(section: Section, intro: string, kinds: readonly Kind[], shared: string): string {
  const parts = kinds.map((kind) => {
    const { name, summary, setup, config } = kind
    const about = setup === undefined ? summary : `${summary}\n\n${setup}`
    return `## ${name}\n\n${about}\n\n${optionTable(toJsonSchema(config))}\n${examplesOf(section, kind).join('\n')}`
  })
  const title = `# ${section[0]!.toUpperCase()}${section.slice(1)}`
  return [
    title,
    `${intro} In \`streamalert.yaml\`: \`${section}\` → kind → a name of yours → options.`,
    shared.trim(),
    ...parts,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

export function parsersPage(): string {
  const parts = parsers.map(
    ({ name, summary, options }) => `## ${name}\n\n${summary}\n\n${optionTable(toJsonSchema(options))}`,
  )
  return [
    '# Parsers',
    "How a schema reads text. `import { json, csv } from 'streamalert/parsers'`, then `parse: json({ path: 'Records[*]' })` in `defineSchema`.",
    ...parts,
  ].join('\n\n')
}

import { stringify } from 'yaml'
import { lookups } from '../../src/lookups/index.ts'
import { outputs } from '../../src/outputs/index.ts'
import { parsers } from '../../src/parsers/index.ts'
import { outputOptions, sourceOptions } from '../../src/project/index.ts'
import { sources } from '../../src/sources/index.ts'
import { toJsonSchema } from './json-schema.ts'
import { optionTable } from './options.ts'

interface Kind {
  readonly name: string
  readonly summary: string
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

export const outputsPage = () => componentPage('outputs', 'Where alerts go.', outputs, common(outputOptions))

export const lookupsPage = () =>
  componentPage(
    'lookups',
    'Tables that rules read with `context.lookup`.',
    lookups,
    'Each `.json` and `.csv` file in `lookups/` is a table of its own name without being configured.',
  )

function common(options: Parameters<typeof toJsonSchema>[0]): string {
  const schema = toJsonSchema(options)
  return Object.keys(schema.properties ?? {}).length === 0 ? '' : `Every one also takes:\n\n${optionTable(schema)}`
}

function componentPage(
  section: 'sources' | 'outputs' | 'lookups',
  intro: string,
  kinds: readonly Kind[],
  shared: string,
): string {
  const parts = kinds.map(({ name, summary, config, examples }) => {
    const shown = examples.map(
      ({ title, config: options }) =>
        `${title}:\n\n\`\`\`yaml\n${stringify({ [section]: { [name]: { 'my-name': options } } })}\`\`\`\n`,
    )
    return `## ${name}\n\n${summary}\n\n${optionTable(toJsonSchema(config))}\n${shown.join('\n')}`
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

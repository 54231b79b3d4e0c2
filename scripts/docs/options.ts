import type { JsonSchema } from './json-schema.ts'

/** A Markdown table of options; nested ones are named by their path. */
export function optionTable(schema: JsonSchema): string {
  const rows = optionRows(schema, '')
  if (rows.length === 0) return 'It has no options.\n'
  return table(['option', 'takes', 'default', 'meaning'], rows)
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return `${[line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')}\n`
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function optionRows(schema: JsonSchema, prefix: string): string[][] {
  const variants = schema.anyOf ?? [schema]
  const seen = new Map<string, string[][]>()
  for (const variant of variants) {
    for (const [name, option] of Object.entries(variant.properties ?? {})) {
      if (!seen.has(name))
        seen.set(
          name,
          row(
            name,
            option,
            prefix,
            variants.every((one) => one.required?.includes(name)),
          ),
        )
    }
  }
  return [...seen.values()].flat()
}

function row(name: string, option: JsonSchema, prefix: string, required: boolean): string[][] {
  const path = `${prefix}${name}`
  if (option.properties && option.type === 'object') {
    const self = [`\`${path}\``, 'a section', '', option.description ?? '']
    return [self, ...optionRows(option, `${path}.`)]
  }
  const preset =
    option.default === undefined ? (required ? '**required**' : '') : `\`${JSON.stringify(option.default)}\``
  const description = `${option.description ?? ''}${option.secret ? ' Secret: never shown.' : ''}`
  return [[`\`${path}\``, typeText(option), preset, description.trim()]]
}

/** A type in words. */
export function typeText(option: JsonSchema): string {
  if (option.const !== undefined) return `\`${JSON.stringify(option.const)}\``
  if (option.enum) return option.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (option.anyOf) return [...new Set(option.anyOf.map(typeText))].join(' or ')
  if (option.type === 'array') return `list of ${option.items ? typeText(option.items) : 'anything'}`
  if (option.type === 'object') {
    const inner = option.additionalProperties
    return typeof inner === 'object' ? `names, each with ${typeText(inner)}` : 'a section'
  }
  if (option.type === 'string') return 'text'
  if (option.type === 'integer') return 'whole number'
  return Array.isArray(option.type) ? option.type.join(' or ') : (option.type ?? 'anything')
}

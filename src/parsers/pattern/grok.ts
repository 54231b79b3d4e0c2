/** A pattern without `%{…}`: groups that stood for `%{NAME:field}` are called `_0`, `_1`, … */
export interface Expanded {
  readonly source: string
  /** Name of a group in `source` → name of the field. */
  readonly fields: ReadonlyMap<string, string>
}

const reference = /%\{([A-Za-z0-9_]+)(?::([^:}]+)(?::(?:int|long|float|double|string|boolean))?)?\}/g

/** Longest text that a pattern may grow to. */
const maxLength = 50_000

/**
 * Replaces `%{NAME}` and `%{NAME:field}` by their definitions. A type after the field (`:int`) is passed over: types are
 * the schema's. Throws an Error for an unknown name, and for definitions that contain themselves.
 */
export function expandGrok(pattern: string, library: ReadonlyMap<string, string>): Expanded {
  const fields = new Map<string, string>()
  const expand = (text: string, within: readonly string[]): string =>
    text.replace(reference, (_, name: string, field: string | undefined) => {
      const definition = library.get(name)
      if (definition === undefined) throw new Error(`%{${name}} is not a known pattern`)
      if (within.includes(name)) throw new Error(`%{${name}} contains itself`)
      const inner = expand(definition, [...within, name])
      if (inner.length > maxLength) throw new Error('it is too large')
      if (field === undefined) return `(?:${inner})`
      const group = `_${fields.size}`
      fields.set(group, field)
      return `(?<${group}>${inner})`
    })
  return { source: expand(pattern, []), fields }
}

/** What `variables.tf` declares, as far as names go. */
export interface Declared {
  /** Names of variables and of the attributes of their objects. */
  readonly names: ReadonlySet<string>
  /** Those whose keys are chosen by people. */
  readonly maps: ReadonlySet<string>
}

/** Reads declarations of HCL in the form that `terraform fmt` gives them. */
export function declaredIn(hcl: string): Declared {
  const variables = [...hcl.matchAll(/^variable "(\w+)" \{(.*?)^\}/gms)]
  const typeIs = (body: string, what: RegExp) => what.test(/^ {2}type\s+= (.*)$/m.exec(body)?.[1] ?? '')
  // Two spaces deep stand the variables' own types and descriptions.
  const attributes = [...hcl.matchAll(/(?<!^ {2})\b(\w+)\s*= (?:optional\()?(string|number|bool|list|map|object)\b/gm)]
  return {
    names: new Set([...variables.map(([, name]) => name!), ...attributes.map(([, name]) => name!)]),
    maps: new Set([
      ...variables.filter(([, , body]) => typeIs(body!, /^map\(/)).map(([, name]) => name!),
      ...attributes.filter(([, , type]) => type === 'map').map(([, name]) => name!),
    ]),
  }
}

/** The same names in values of the variables. */
export function namesIn(value: unknown, maps: ReadonlySet<string>, chosen = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => namesIn(one, maps))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(chosen ? [] : [name]),
    ...namesIn(inner, maps, !chosen && maps.has(name)),
  ])
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
}

/** Options of a JSON Schema that a configuration leaves out, as paths; of a map, some entry must have them. */
export function leftOut(schema: JsonSchema, given: readonly unknown[], path = ''): readonly string[] {
  const objects = given.filter(
    (one): one is Readonly<Record<string, unknown>> => typeof one === 'object' && one !== null,
  )
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const held = objects.flatMap((one) => (Object.hasOwn(one, name) ? [one[name]] : []))
    return held.length === 0 ? [`${path}.${name}`] : leftOut(inner, held, `${path}.${name}`)
  })
  const { additionalProperties: entries } = schema
  const inMaps =
    typeof entries === 'object'
      ? leftOut(
          entries,
          objects.flatMap((one) => Object.values(one)),
          `${path}.*`,
        )
      : []
  return [...own, ...inMaps]
}

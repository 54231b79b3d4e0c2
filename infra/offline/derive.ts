/**
 * Derives the schema of the AWS resources that `infra/` uses from the compiled `@cdktn/provider-aws` (MPL-2.0), and writes
 * `infra/offline/aws-schema.json`. A one-off: that package is 480 MB, so it is no dependency. To run it again, say after a resource of
 * another type came to `infra/`:
 *
 *   npm install --prefix /tmp/cdktn --ignore-scripts @cdktn/provider-aws@25.7.0 cdktn@0.24.0 constructs@10.6.0
 *   node infra/offline/derive.ts /tmp/cdktn/node_modules/@cdktn/provider-aws
 *
 * The compiled code says per attribute, in a comment, what is computed, optional and required; per argument, in
 * `synthesizeHclAttributes` and the `…ToHclTerraform` functions, its type and whether it is a block.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attribute, Block, NestedBlock, ProviderSchema, Type } from './schema.ts'

/** What the code says of one argument. */
interface Argument {
  readonly isBlock: boolean
  /** simple, list, set, map or struct. */
  readonly type: string
  /** `string`, `stringList`, or the name of a structure. */
  readonly storage: string
  /** False: a list of objects that is an attribute after all. */
  readonly mapsBlocks: boolean
}

/** One property of a class. */
interface Member {
  readonly name: string
  readonly use: Attribute['use']
  /** The class its value is of, where that is a structure. */
  readonly holds?: string
  /** What holds it is a set. */
  readonly ofSet: boolean
  readonly getter?: string
  /** The getter turns a set into a list. */
  readonly toList: boolean
}

interface Code {
  readonly classes: ReadonlyMap<string, { readonly base: string; readonly body: string }>
  readonly structs: ReadonlyMap<string, ReadonlyMap<string, Argument>>
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

function readCode(folder: string): Code {
  const text = globSync('**/*.js', { cwd: folder })
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
  const classes = new Map(
    [...text.matchAll(/^class (\w+) extends cdktn\.(\w+) \{\n([^]*?)^\}/gm)].map(([, name, base, body]) => {
      return [name!, { base: base!, body: body! }]
    }),
  )
  const structs = new Map(
    [...text.matchAll(/^function (\w+)ToHclTerraform\(struct\) \{\n([^]*?)^\}/gm)].map(([, name, body]) => {
      return [name!, argumentsIn(body!)]
    }),
  )
  return { classes, structs }
}

function argumentsIn(body: string): ReadonlyMap<string, Argument> {
  const pattern =
    /^\s+"?([a-z0-9_]+)"?: \{\n\s+value: (.*),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)",/gm
  return new Map(
    [...body.matchAll(pattern)].map(([, name, value, isBlock, type, storage]) => {
      const mapsBlocks = !/listMapperHcl\([\w.]+, false\)/.test(value!)
      return [name!, { isBlock: isBlock === 'true', type: type!, storage: storage!, mapsBlocks }]
    }),
  )
}

function membersIn(body: string): readonly Member[] {
  const marks = [...body.matchAll(/^ {4}\/\/ ([a-z0-9_]+) - computed: (\w+), optional: (\w+), required: (\w+)$/gm)]
  return marks.map((mark, n) => {
    const [, name, computed, optional, required] = mark
    const code = body.slice(mark.index, marks[n + 1]?.index ?? body.length)
    const held = /= new (?:\w+\.)?(\w+)\(this, "[^"]+"(?:, (true|false))?\)/.exec(code)
    const got = /return (cdktn\.Fn\.tolist\()?this\.(get\w+Attribute)\('/.exec(code)
    return {
      name: name!,
      use:
        required === 'true' ? 'required' : optional !== 'true' ? 'computed' : computed === 'true' ? 'both' : 'optional',
      ...(held && { holds: held[1]! }),
      ofSet: held?.[2] === 'true',
      ...(got && { getter: got[2]! }),
      toList: got?.[1] !== undefined,
    }
  })
}

const primitives: Readonly<Record<string, Type>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  any: 'dynamic',
}

const getters: Readonly<Record<string, Type>> = {
  getStringAttribute: 'string',
  getNumberAttribute: 'number',
  getBooleanAttribute: 'bool',
  getListAttribute: ['list', 'string'],
  getNumberListAttribute: ['list', 'number'],
  getStringMapAttribute: ['map', 'string'],
  getNumberMapAttribute: ['map', 'number'],
  getBooleanMapAttribute: ['map', 'bool'],
}

/** `stringListMap` within a `set`: the outermost collection is what the argument says it is. */
function storedType({ type, storage }: Argument): Type | undefined {
  const found = /^(string|number|boolean|any)((?:List|Map)*)$/.exec(storage)
  if (!found) return undefined
  const collection = type === 'set' || type === 'map' ? type : 'list'
  const layers = found[2]!.match(/List|Map/g) ?? []
  return layers.reduce<Type>((inner, layer, n) => {
    const outermost = n === layers.length - 1
    return [outermost ? collection : layer === 'Map' ? 'map' : 'list', inner]
  }, primitives[found[1]!]!)
}

function typeOf(member: Member, argument: Argument | undefined, code: Code): Type {
  const stored = argument && storedType(argument)
  if (stored) return stored
  const { holds, ofSet, getter, toList } = member
  if (holds) {
    const ofPrimitive = /^(String|Number|Boolean|Any)Map$/.exec(holds)
    if (ofPrimitive) return ['map', primitives[ofPrimitive[1]!.toLowerCase()]!]
    if (holds.endsWith('List')) return [ofSet ? 'set' : 'list', objectType(holds.slice(0, -'List'.length), code)]
    if (holds.endsWith('Map')) return ['map', objectType(holds.slice(0, -'Map'.length), code)]
    return objectType(holds.replace(/OutputReference$/, ''), code)
  }
  const got = getter && getters[getter]
  if (!got) return 'dynamic'
  return toList && Array.isArray(got) ? ['set', got[1] as Type] : got
}

function objectType(struct: string, code: Code): Type {
  const body = code.classes.get(`${struct}OutputReference`)?.body ?? ''
  const known = code.structs.get(lowerFirst(struct))
  return [
    'object',
    Object.fromEntries(membersIn(body).map((one) => [one.name, typeOf(one, known?.get(one.name), code)])),
  ]
}

function blockOf(body: string, known: ReadonlyMap<string, Argument>, code: Code): Block {
  const attributes: Attribute[] = []
  const blocks: NestedBlock[] = []
  for (const member of membersIn(body)) {
    const argument = known.get(member.name)
    const structured =
      argument?.isBlock && /^[A-Z]/.test(argument.storage) && argument.type !== 'map' && argument.mapsBlocks
    if (!structured || member.use === 'computed' || !member.holds) {
      attributes.push({ name: member.name, type: typeOf(member, argument, code), use: member.use })
      continue
    }
    const struct = member.holds.replace(/(List|OutputReference)$/, '')
    const inner = code.classes.get(`${struct}OutputReference`)?.body ?? ''
    const single = argument.type === 'struct'
    blocks.push({
      name: member.name,
      nesting: single ? 'single' : (argument.type as 'list' | 'set'),
      min: member.use === 'required' && !single ? 1 : 0,
      max: member.holds.endsWith('OutputReference') && !single ? 1 : 0,
      block: blockOf(inner, code.structs.get(lowerFirst(struct)) ?? new Map(), code),
    })
  }
  return { attributes, blocks }
}

/** Of the provider itself the classes say nothing: all its arguments may be given. */
function providerBlock(known: ReadonlyMap<string, Argument>, code: Code): Block {
  const attributes: Attribute[] = []
  const blocks: NestedBlock[] = []
  for (const [name, argument] of known) {
    const stored = storedType(argument)
    if (stored) attributes.push({ name, type: stored, use: 'optional' })
    else {
      const inner = code.structs.get(lowerFirst(argument.storage.replace(/List$/, ''))) ?? new Map<string, Argument>()
      blocks.push({
        name,
        nesting: argument.type === 'set' ? 'set' : 'list',
        min: 0,
        max: 0,
        block: providerBlock(inner, code),
      })
    }
  }
  // An argument of the tool that made the classes, not of the provider.
  return { attributes: attributes.filter(({ name }) => name !== 'alias'), blocks }
}

function derive(folder: string): Block {
  const code = readCode(folder)
  const top = [...code.classes.values()].find(({ base }) => /^Terraform(Resource|DataSource|Provider)$/.test(base))
  if (!top) throw new Error(`${folder} declares no resource`)
  const known = argumentsIn(top.body.slice(top.body.indexOf('synthesizeHclAttributes')))
  return top.base === 'TerraformProvider' ? providerBlock(known, code) : blockOf(top.body, known, code)
}

/** Every type that the modules name. */
function typesIn(pattern: RegExp): readonly string[] {
  const infra = join(import.meta.dirname, '..')
  const text = globSync('**/*.tf', { cwd: infra }).map((file) => readFileSync(join(infra, file), 'utf8'))
  return [...new Set(text.flatMap((one) => [...one.matchAll(pattern)].map(([, type]) => type!)))].toSorted()
}

const folderOf = (type: string) => type.replace(/^aws_/, '').replaceAll('_', '-')

const home = process.argv[2]
if (home === undefined) throw new Error('Name the folder of @cdktn/provider-aws.')
const schema: ProviderSchema = {
  provider: derive(join(home, 'lib/provider')),
  resources: Object.fromEntries(
    typesIn(/^resource "(aws_\w+)"/gm).map((type) => [type, derive(join(home, 'lib', folderOf(type)))]),
  ),
  data: Object.fromEntries(
    typesIn(/^data "(aws_\w+)"/gm).map((type) => [type, derive(join(home, 'lib', `data-aws-${folderOf(type)}`))]),
  ),
}
writeFileSync(join(import.meta.dirname, 'aws-schema.json'), `${JSON.stringify(schema)}\n`)
process.stdout.write(
  `${Object.keys(schema.resources).length} resources, ${Object.keys(schema.data).length} data sources\n`,
)

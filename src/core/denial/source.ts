import { type BlockStatement, type Expression, type Pattern, parse } from 'acorn'

/** The names of parameters: where they lead to in the record, key by key; undefined: elsewhere. */
export type Scope = ReadonlyMap<string, readonly string[] | undefined>

export interface Source {
  readonly scope: Scope
  readonly body: BlockStatement | Expression
}

/** Nobody writes longer ones by hand, and deep ones would take a deep stack. */
const longest = 10_000

/**
 * Takes the text of a function apart: an arrow, a `function`, or a method. Undefined when its record has no name, or when anything
 * may happen before its body begins. Throws SyntaxError or RangeError for what acorn cannot read, such as native code.
 */
export function readSource(text: string): Source | undefined {
  // Comments in scripts, operators in modules: it cannot be told which of them it was.
  if (text.length > longest || /<!--|-->/.test(text)) return undefined
  const code = isMethod(text) ? `({${text}})` : `(${text})`
  const found = functionIn(code)
  if (!found || found.async || found.generator) return undefined
  const scope = scopeOf(found.params)
  return scope && !shadows(found.body, code) ? { scope, body: found.body } : undefined
}

const read = (code: string) => parse(code, { ecmaVersion: 'latest', sourceType: 'script' })

function isMethod(text: string): boolean {
  try {
    read(`(${text})`)
    return false
  } catch {
    return true
  }
}

function functionIn(code: string) {
  const [statement] = read(code).body
  if (statement?.type !== 'ExpressionStatement') return undefined
  const { expression } = statement
  if (expression.type === 'ArrowFunctionExpression' || expression.type === 'FunctionExpression') return expression
  if (expression.type !== 'ObjectExpression') return undefined
  const [property] = expression.properties
  if (property?.type !== 'Property' || !property.method) return undefined
  return property.value.type === 'FunctionExpression' ? property.value : undefined
}

function scopeOf(parameters: readonly Pattern[]): Scope | undefined {
  const scope = new Map<string, readonly string[] | undefined>()
  for (const [n, parameter] of parameters.entries()) {
    const isRest = parameter.type === 'RestElement'
    const names = namesIn(isRest && n > 0 ? parameter.argument : parameter)
    if (!names) return undefined
    // A name that stands there twice is that of the last one.
    for (const [name, keys] of names) scope.set(name, n === 0 ? keys : undefined)
  }
  return scope
}

/** Names that a parameter binds without a default, which would be code, and not below `null`, which would throw. */
function namesIn(parameter: Pattern): readonly (readonly [string, readonly string[]])[] | undefined {
  if (parameter.type === 'Identifier') return [[parameter.name, []]]
  if (parameter.type !== 'ObjectPattern') return undefined
  const names: (readonly [string, readonly string[]])[] = []
  for (const property of parameter.properties) {
    if (property.type !== 'Property' || property.computed || property.value.type !== 'Identifier') return undefined
    const { key, value } = property
    if (key.type === 'Identifier') names.push([value.name, [key.name]])
    else if (key.type === 'Literal' && typeof key.value === 'string') names.push([value.name, [key.value]])
    else return undefined
  }
  return names
}

/** What a body declares holds in all of it, also above: functions in place of parameters, and an `undefined` of its own. */
function shadows(body: BlockStatement | Expression, code: string): boolean {
  if (body.type !== 'BlockStatement') return false
  return body.body.some((statement) => {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') return true
    if (statement.type !== 'VariableDeclaration' || statement.kind === 'var') return false
    return statement.declarations.some(({ id }) => /undefined|\\/.test(code.slice(id.start, id.end)))
  })
}

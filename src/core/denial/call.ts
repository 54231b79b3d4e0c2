import type { CallExpression } from 'acorn'
import { type Compile, beyond, linkFrom, unclear } from './link.ts'
import { nameOf } from './place.ts'
import { type Term, anything, nothing, unknown } from './term.ts'

/** What `a.method(b)` comes to: of texts alone it is known which method that is. */
export function compileCall(node: CallExpression, compile: Compile): Term {
  const { callee } = node
  if (callee.type !== 'MemberExpression') return unclear(linkFrom(callee, compile), node.optional)
  const { optional } = callee
  const text = linkFrom(callee.object, compile)
  const name = nameOf(callee) ?? ''
  const [argument, ...more] = node.arguments
  const change = changes.get(name)
  if (change && !argument) return onText(text, optional, [], { ...anything, false: false }, change)
  const test = tests.get(name)
  const part = test && argument && argument.type !== 'SpreadElement' ? compile(argument) : nothing
  if (!test || part === nothing || more.length > 0) {
    return node.optional ? unclear(compile(callee), true) : unclear(text, optional)
  }
  return onText(text, optional, part.paths, anything, (value, data) => {
    const wanted = part.of(data)
    return typeof wanted === 'string' ? test(value, wanted) : unknown
  })
}

const changes: ReadonlyMap<string, (text: string) => string> = new Map([
  ['toLowerCase', (text) => text.toLowerCase()],
  ['toUpperCase', (text) => text.toUpperCase()],
  ['trim', (text) => text.trim()],
])

const tests: ReadonlyMap<string, (text: string, part: string) => boolean> = new Map([
  ['startsWith', (text, part) => text.startsWith(part)],
  ['endsWith', (text, part) => text.endsWith(part)],
  ['includes', (text, part) => text.includes(part)],
])

function onText(
  from: Term,
  optional: boolean,
  paths: readonly string[],
  canBe: Term['canBe'],
  call: (text: string, data: unknown) => unknown,
): Term {
  if (from === nothing) return nothing
  return {
    ...{ paths: [...from.paths, ...paths], canBe, skips: optional || from.skips === true },
    of(data) {
      const value = from.of(data)
      return typeof value === 'string' ? call(value, data) : beyond(value, optional)
    },
  }
}

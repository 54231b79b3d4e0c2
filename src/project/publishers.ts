import type { Publisher, Rule } from '../core/contracts/index.ts'
import { CodedError, type Place } from '../core/errors.ts'
import { suggest } from '../core/nearest.ts'
import { publishers as builtIn } from '../publishers/index.ts'
import type { Declared } from './modules.ts'

/** An output whose configuration names publishers. */
export interface OutputPublishers {
  /** `kind:name` of the output. */
  readonly name: string
  readonly publishers: readonly string[]
  readonly place: Place
}

/**
 * Every publisher that may be named: the built-in ones, those of the project's `publishers/`, and those that rules hold.
 * Two with one name are a problem, as is a name in the configuration that none has.
 */
export function collectPublishers(
  own: readonly Declared<Publisher>[],
  rules: readonly Declared<Rule>[],
  outputs: readonly OutputPublishers[],
  problems: CodedError[],
): ReadonlyMap<string, Publisher> {
  const byName = new Map(builtIn.map((publisher) => [publisher.name, publisher]))
  const add = (publisher: Publisher, place: Place) => {
    const known = byName.get(publisher.name)
    if (known && !isSame(known, publisher)) problems.push(duplicate(publisher.name, place))
    else byName.set(publisher.name, publisher)
  }
  for (const { value, place } of own) add(value, place)
  for (const { value, place } of rules) for (const publisher of value.publishers) add(publisher, place)
  for (const { name, publishers, place } of outputs) {
    for (const wrong of publishers.filter((one) => !byName.has(one))) {
      const message = `outputs.${name.replace(':', '.')}.publishers: there is no publisher "${wrong}".`
      problems.push(new CodedError('CONFIG_UNKNOWN_NAME', message, { place, hint: suggest(wrong, [...byName.keys()]) }))
    }
  }
  return byName
}

/** Two that were made with the same arguments, in two rules, are one. */
const isSame = (one: Publisher, other: Publisher) =>
  one === other || (one.name.endsWith(')') && String(one.publish) === String(other.publish))

const duplicate = (name: string, place: Place) =>
  new CodedError('PUBLISHER_INVALID', `There is another publisher "${name}".`, {
    place,
    hint: 'Give one of them another name.',
  })

import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Rule } from '../../core/contracts/index.ts'
import { type Prepared, itemsOf, runOnItems, runRuleTest } from '../rule-runner.ts'
import type { RuleTest } from '../rule-test-file.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { type PreparedCase, nearMissOf } from './near-miss.ts'
import { poolOf } from './pool.ts'
import { type Source, readSource } from './source.ts'

/** What can be broken in a file; nothing when cases fail already. */
export interface Listing {
  readonly mutants: readonly Mutant[]
  readonly failing: readonly { readonly rule: string; readonly name: string }[]
}

/** What becomes of a mutant. `invalid`: what is left of the file does not load, so nobody could have written it. */
export type Fate = 'killed' | 'survived' | 'invalid'

/** Breaks rules of a project whose code is loaded. */
export interface Judge {
  /** The mutants of those `rules` that a file declares. Throws SyntaxError for a file that cannot be read. */
  list(file: string, rules: readonly string[]): Promise<Listing>
  /** Whether a case of the rules notices. */
  judge(file: string, mutant: Mutant): Promise<Fate>
  /** A case that would notice a mutant which survived; undefined when none is found. */
  nearMiss(file: string, mutant: Mutant): Promise<RuleTest | undefined>
}

export interface JudgeOptions {
  readonly rules: ReadonlyMap<string, Rule>
  readonly casesOf: (rule: string) => readonly RuleTest[]
  readonly around: Prepared
}

export function createJudge({ rules, casesOf, around }: JudgeOptions): Judge {
  const importAs = createImporter()
  const sourceOf = memo(readSource)
  const preparedOf = memo((name: string): PreparedCase[] =>
    casesOf(name).map((test) => ({ test, items: itemsOf(rules.get(name)!, test, around) })),
  )

  async function notices(mutant: Rule): Promise<boolean> {
    for (const { test, items } of preparedOf(mutant.info.name)) {
      if (!(await runOnItems(mutant, test, items, around)).ok) return true
    }
    return false
  }

  /** Of the rules that a mutant concerns those that are still there, whole and broken. */
  async function variantsOf(file: string, mutant: Mutant) {
    const broken = await importAs(file, mutate(sourceOf(file), mutant))
    const variants = mutant.rules.map((name) => ({ original: rules.get(name)!, mutant: broken?.get(name) }))
    return variants.flatMap(({ original, mutant: rule }) =>
      rule ? [{ original, mutant: withOutputs(rule, original) }] : [],
    )
  }

  return {
    async list(file, names) {
      const failing: { rule: string; name: string }[] = []
      for (const rule of names) {
        for (const test of casesOf(rule)) {
          if (!(await runRuleTest(rules.get(rule)!, test, around)).ok) failing.push({ rule, name: test.name })
        }
      }
      if (failing.length > 0) return { mutants: [], failing }
      return { mutants: mutantsOf(sourceOf(file), names), failing }
    },

    async judge(file, mutant) {
      const variants = await variantsOf(file, mutant)
      if (variants.length < mutant.rules.length) return 'invalid'
      for (const variant of variants) if (await notices(variant.mutant)) return 'killed'
      return 'survived'
    },

    async nearMiss(file, mutant) {
      const pool = poolOf(sourceOf(file), mutant.at ?? mutant.start)
      for (const variant of await variantsOf(file, mutant)) {
        const cases = preparedOf(variant.original.info.name)
        const found = await nearMissOf({ ...variant, cases, pool, around })
        if (found) return found
      }
      return undefined
    },
  }
}

const mutate = ({ text }: Source, { start, end, text: other }: Mutant) => text.slice(0, start) + other + text.slice(end)

/** As a project completes it. */
const withOutputs = (rule: Rule, { info }: Rule): Rule => ({ ...rule, info: { ...rule.info, outputs: info.outputs } })

/** Imports a file as if another text stood in it: its rules by name; undefined when it does not load. */
function createImporter(): (file: string, text: string) => Promise<ReadonlyMap<string, Rule> | undefined> {
  let current = ''
  let count = 0
  registerHooks({
    load: (url, context, nextLoad) =>
      /\?mutant=\d+$/.test(url) ? { format: 'module', source: current, shortCircuit: true } : nextLoad(url, context),
  })
  return async (file, text) => {
    current = text
    try {
      const module = (await import(`${pathToFileURL(file).href}?mutant=${count++}`)) as {
        readonly default: Rule | Rule[]
      }
      return new Map([module.default].flat().map((rule) => [rule.info.name, rule]))
    } catch {
      return undefined
    }
  }
}

function memo<V>(make: (key: string) => V): (key: string) => V {
  const made = new Map<string, V>()
  return (key) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}

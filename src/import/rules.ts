import type { Place } from '../core/errors.ts'
import type { EventDraft } from './events.ts'
import { type Folders, filesIn } from './folders.ts'
import { plainName, untaken } from './names.ts'
import type { Files } from './read.ts'
import { type Entry, notConvertible } from './report.ts'

/** A rule in Python: found in its code, by the test events that name it, or both. */
interface OldRule {
  readonly name: string
  readonly from: Place
  readonly disabled: boolean
}

/** What there is of the predecessor's rules: the report's entries, and drafts of tests. Path → text. */
export interface Rules {
  readonly entries: readonly Entry[]
  readonly tests: ReadonlyMap<string, string>
}

/**
 * Lists the rules, which are Python and must be written anew, each with the events that describe it, and writes these
 * events as tests for the rule to come. `library`: names of the built-in rules, as `library` of streamalert.yaml takes them.
 */
export function listRules(
  files: Files,
  folders: Folders,
  events: readonly EventDraft[],
  library: readonly string[],
): Rules {
  const tests = new Map<string, string>()
  const taken = new Set<string>()
  const entries = rulesIn(files, folders.rules, events).map((rule) => {
    const own = eventsOf(rule.name, events)
    const ours = plainName(rule.name.replaceAll('_', '-').toLowerCase())
    const builtIn = library.find((name) => name.split('/').at(-1) === ours)
    const to = `import/rules/${untaken(ours, taken)}.test.json`
    if (own.length > 0) tests.set(to, `${JSON.stringify(own.map(toTest(rule.name)), null, 2)}\n`)
    const entry = notConvertible(
      'rule',
      rule.name,
      rule.from,
      builtIn === undefined ? 'it is Python: write it anew' : `the library has it: add \`${builtIn}\` to \`library\``,
      ...(rule.disabled ? ['it was disabled'] : []),
      ...beyond(own),
    )
    return {
      ...entry,
      ...(own.length > 0 && { to }),
      ...(builtIn !== undefined && { library: builtIn }),
      events: own.map((event) => ({
        description: event.old.description,
        alerts: triggers(event, rule.name),
        file: event.to,
      })),
    }
  })
  const modules = filesIn(files, folders.code, '.py')
    .filter((file) => !file.endsWith('__init__.py') && rulesOf(file, files.get(file)!).length === 0)
    .map((file) => notConvertible('Python module', file, { file }, 'it is Python: write anew what rules need of it'))
  return { entries: [...entries, ...modules], tests }
}

function rulesIn(files: Files, folders: readonly string[], events: readonly EventDraft[]): OldRule[] {
  const inCode = filesIn(files, folders, '.py').flatMap((file) => rulesOf(file, files.get(file)!))
  const named = events.flatMap(({ old, from }) =>
    (old.trigger_rules ?? []).map((name) => ({ name, from, disabled: false })),
  )
  const byName = new Map([...named.toReversed(), ...inCode.toReversed()].map((rule) => [rule.name, rule]))
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Functions that are decorated with `@rule`, also `@disable`. */
function rulesOf(file: string, code: string): OldRule[] {
  const lines = code.replaceAll('\r', '').split('\n')
  return lines.flatMap((line, index): OldRule[] => {
    const name = /^(?:async )?def (\w+)\(/.exec(line)?.[1]
    if (name === undefined) return []
    const decorators = decoratorsAbove(lines, index)
    if (!decorators.some((one) => /^@rule\b/.test(one))) return []
    const disabled = decorators.some((one) => /^@disable\b/.test(one))
    return [{ name, from: { file, line: index + 1 }, disabled }]
  })
}

/** The lines between a function and the statement above it: all that is indented, closes a bracket, or begins with @. */
function decoratorsAbove(lines: readonly string[], index: number): readonly string[] {
  let from = index
  while (from > 0 && /^[@)\s#]/.test(lines[from - 1]!)) from--
  return lines.slice(from, index)
}

const triggers = ({ old }: EventDraft, rule: string) => old.trigger_rules?.includes(rule) ?? false

/** Events that are to trigger a rule, and those beside them, in the same file, that are not to. */
function eventsOf(rule: string, events: readonly EventDraft[]): readonly EventDraft[] {
  const homes = new Set(events.filter((event) => triggers(event, rule)).map(({ from }) => from.file))
  const isAbout = ({ from: { file }, old }: EventDraft) =>
    !old.classify_only && (homes.has(file) || file?.endsWith(`/${rule}.json`))
  return events.filter((event) => triggers(event, rule) || isAbout(event))
}

const toTest = (rule: string) => (event: EventDraft) => ({
  name: event.old.description,
  text: event.text,
  alerts: triggers(event, rule),
  ...tablesOf(event),
})

/** What a test put into lookup tables; indicators become the table that the library's rules look them up in. */
function tablesOf({ old: { test_fixtures: fixtures } }: EventDraft) {
  if (fixtures === undefined) return {}
  const indicators = fixtures.threat_intel.map(({ ioc_value: value, ...more }) => [value, more] as const)
  const intel = indicators.length > 0 ? { 'threat-intel': Object.fromEntries(indicators) } : {}
  return { lookups: { ...fixtures.lookup_tables, ...intel } }
}

/** What the events of a rule say that the tests do not. */
function beyond(events: readonly EventDraft[]): string[] {
  const some = (option: 'publisher_tests' | 'test_fixtures') => events.some(({ old }) => old[option] !== undefined)
  return [
    ...(some('publisher_tests') ? ['its `publisher_tests` are not converted'] : []),
    ...(some('test_fixtures') ? ['its tests bring lookup tables: the rule must declare them'] : []),
  ]
}

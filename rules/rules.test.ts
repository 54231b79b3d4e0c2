import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { libraryRequest, libraryRules } from '../src/project/index.ts'
import { readRuleTests } from '../src/testing/rule-test-file.ts'
import { runRuleTests } from '../src/testing/rule-tests.ts'
import * as library from './library.ts'
import { rules } from './index.ts'

const files = libraryRules()
const fileOf = new Map(files.map((rule) => [rule.name, rule]))
const testFile = (file: string) => file.replace(/\.ts$/, '.test.json')
const predecessor = rules.filter(({ info }) => info.tags.includes('community'))

/** Loads every rule in a thread and runs more than a thousand cases. */
test('every case of every rule holds', { timeout: 120_000 }, async () => {
  const { results, problems } = await runRuleTests({
    code: libraryRequest(),
    now: Date.UTC(2026, 2, 11),
    timeoutMs: 20_000,
    onPrinted: () => {},
  })
  expect(problems).toEqual([])
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  expect(results.length).toBeGreaterThan(1000)
})

test('the library is as large as it says', () => {
  expect(predecessor).toHaveLength(41)
  expect(rules.length - predecessor.length).toBeGreaterThanOrEqual(40)
  expect(rules.filter(({ info }) => info.tags.includes('infrastructure')).length).toBeGreaterThanOrEqual(8)
})

test('each rule is in the file of its name, once, and listed', () => {
  const names = rules.map(({ info }) => info.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.toSorted()).toEqual(files.map(({ name }) => name).toSorted())
  expect(
    Object.keys(library)
      .map((name) => name.toLowerCase())
      .toSorted(),
  ).toEqual(names.map((name) => name.replaceAll('-', '')).toSorted())
})

test.each(rules.map((rule) => [rule.info.name, rule] as const))(
  '%s says what it is and what to do',
  (name, { info }) => {
    expect(info.enabled).toBe(true)
    expect(info.description).toMatch(/^[A-Z].*\.$/)
    expect(info.runbook).toMatch(/^1\. .* 2\. /)
    expect(info.falsePositives.join('')).not.toBe('')
    expect(info.references.length).toBeGreaterThan(0)
    for (const reference of info.references) expect(new URL(reference).protocol).toBe('https:')
    expect(new Set(info.attack).size).toBe(info.attack.length)
    expect(info.tags.length).toBeGreaterThan(0)
    // Where its alerts go is for the project to say.
    expect([info.outputs, info.clusters]).toEqual([[], undefined])
    const file = fileOf.get(name)!.file
    expect(existsSync(testFile(file))).toBe(true)
    const cases = readRuleTests(testFile(file), '/')
    expect(cases.filter(({ alerts }) => alerts).length).toBeGreaterThan(0)
    expect(cases.filter(({ alerts }) => !alerts).length).toBeGreaterThan(0)
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length)
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(150)
  },
)

import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Classified, compileClassifier, selectSchemas } from '../src/core/classify/index.ts'
import type { Schema } from '../src/core/contracts/index.ts'
import { unwrap } from '../src/core/fields/compile.ts'
import { type Field, isWrapper } from '../src/core/fields/spec.ts'
import { headOf } from '../src/core/split/head.ts'
import { compileNormalise } from '../src/core/normalise.ts'
import { compilePath } from '../src/core/paths.ts'
import { sniff, split } from '../src/core/split/index.ts'
import { parseTime } from '../src/core/time.ts'
import { sampleFile } from '../src/testing/built-in-samples.ts'
import { sampleOf } from '../src/testing/sample.ts'
import * as index from './index.ts'
import { normalisedNames } from './shared/names.ts'

const { schemas } = index
const here = import.meta.dirname
const all = compileClassifier(schemas)
const now = Date.UTC(2024, 5, 1)

/** A sample file as the engine reads it: framing by its beginning, then record by record. */
function recordsOf(schema: Schema, classifier = all) {
  const bytes = readFileSync(sampleFile(schema.name))
  const firstLine = headOf(bytes)
  return [...split(bytes, sniff(bytes, classifier.framings))].flatMap((piece) =>
    classifier.classify(piece.text, { first: piece.offset === 0, firstLine }),
  )
}

describe.each(schemas.map((schema) => [schema.name, schema] as const))('%s', (name, schema) => {
  test('takes its samples whole, among all the others at once', () => {
    const found = recordsOf(schema)
    expect(found.length).toBeGreaterThan(0)
    expect(found.map((record) => ('schema' in record ? record.schema.name : record.message))).toEqual(
      found.map(() => name),
    )
    expect(found.flatMap((record) => ('drift' in record ? record.drift : []))).toEqual([])
  })

  test('takes its samples among those of its vendor alone', () => {
    const [vendor = ''] = name.split(':')
    const found = recordsOf(schema, compileClassifier(selectSchemas(schemas, [vendor])))
    expect(found.map((record) => 'schema' in record && record.schema.name)).toEqual(found.map(() => name))
  })

  test('lends its sample to rule tests', () => {
    const [first] = recordsOf(schema) as readonly Classified[]
    expect(sampleOf(schema).data).toEqual(first?.data)
  })

  test('says when its samples happened, and what is in them', () => {
    const found = recordsOf(schema) as readonly Classified[]
    const path = schema.time === undefined ? undefined : compilePath(schema.time)
    const times = found.flatMap(({ data }) => (path ? [parseTime(path.first(data), now)] : []))
    expect(times.filter((time) => !(time && new Date(time).toISOString().startsWith('2024-03-05')))).toEqual([])
    const normalise = compileNormalise(schema)
    const meanings = found.filter(({ data, envelope }) => normalise(data, envelope) !== undefined)
    expect(meanings.length > 0).toBe(Object.keys(schema.normalise).length > 0)
  })

  test('names in its options only fields that it has, and known meanings', () => {
    const paths = [
      ...(schema.time === undefined ? [] : [schema.time]),
      ...schema.sensitive,
      ...Object.keys(schema.patterns ?? {}),
      ...Object.values(schema.normalise).flatMap((list) =>
        list.flatMap(({ path, when }) => [path, when?.path ?? path]),
      ),
    ]
    expect(paths.filter((path) => !hasPath(schema, path))).toEqual([])
    expect(Object.keys(schema.normalise).filter((meaning) => !(meaning in normalisedNames))).toEqual([])
  })
})

test('there are enough, each with a name of its own, exported in camel case', () => {
  expect(schemas.length).toBeGreaterThanOrEqual(80)
  expect(new Set(schemas.map((schema) => schema.name)).size).toBe(schemas.length)
  const exported = Object.entries(index).filter(([, value]) => schemas.includes(value as Schema))
  expect(exported.map(([name]) => name)).toEqual(exported.map(([, schema]) => camelCase((schema as Schema).name)))
})

test('every vendor file is listed, and every sample belongs to a schema', () => {
  const files = readdirSync(here).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const vendors = files.filter((file) => !['index.ts', 'vendors.ts'].includes(file))
  const listed = readFileSync(`${here}/vendors.ts`, 'utf8').matchAll(/from '\.\/(.*)'/g)
  expect([...listed].map(([, file]) => file)).toEqual(vendors)
  expect(readdirSync(`${here}/samples`).toSorted()).toEqual(
    schemas.map(({ name }) => decodeURIComponent(sampleFile(name).pathname.split('/').at(-1)!)).toSorted(),
  )
})

test('the order of schemas does not count', () => {
  const turned = compileClassifier(schemas.toReversed())
  const names = (classifier: typeof all) =>
    schemas.map((schema) => recordsOf(schema, classifier).map((record) => 'schema' in record && record.schema.name))
  expect(names(turned)).toEqual(names(all))
})

const camelCase = (name: string) => name.replace(/[:._-]+(.)/g, (_, letter: string) => letter.toUpperCase())

/** True when the fields can hold a value at the path: through objects, lists, maps, and anywhere below `json`. */
function hasPath(schema: Schema, path: string): boolean {
  const [, envelope, inner = ''] = /^(envelope\.)?(.*)$/.exec(path)!
  const steps = [...inner.matchAll(/\['([^']+)'\]|([^.[\]]+)|\[\]/g)].map(
    ([whole, quoted, plain]) => quoted ?? plain ?? whole,
  )
  return holds((envelope === undefined ? schema.fields : schema.envelope) ?? {}, steps)
}

function holds(field: Field, steps: readonly string[]): boolean {
  const { of } = unwrap(field)
  const [step, ...rest] = steps
  if (step === undefined || of === 'json') return true
  if (typeof of === 'string') return false
  if (isWrapper(of)) return holds(of.of, of.kind === 'map' || step === '[]' ? rest : steps)
  const inner = of[step]
  return inner !== undefined && holds(inner, rest)
}

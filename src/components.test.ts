import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codes } from './core/errors.ts'
import { decoders } from './decoders/index.ts'
import { outputs } from './outputs/index.ts'
import { parsers } from './parsers/index.ts'
import { sources } from './sources/index.ts'

/** One component is one file (or a folder once it outgrows it), its test beside it, one line in the kind's index.ts. */
const kinds = { decoders, outputs, parsers, sources }

/** Component → the files it consists of. `shared` holds what several components of a kind use. */
function componentsOf(kind: string): Map<string, string[]> {
  const folder = join(import.meta.dirname, kind)
  const found = new Map<string, string[]>()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const name = entry.name.replace(/(\.test)?\.ts$/, '')
    if (name === 'index' || name === 'shared') continue
    const files = entry.isDirectory() ? readdirSync(join(folder, entry.name)) : [entry.name]
    found.set(name, [...(found.get(name) ?? []), ...files])
  }
  return found
}

describe.each(Object.entries(kinds))('%s', (kind, listed) => {
  const present = componentsOf(kind)
  const names = listed.map((component) => component.name)

  test('each file is listed in index.ts under its own name', () => {
    expect(names.toSorted()).toEqual([...present.keys()].toSorted())
  })

  test('each has a test beside it', () => {
    const untested = [...present].filter(([, files]) => !files.some((file) => file.endsWith('.test.ts')))
    expect(untested.map(([name]) => name)).toEqual([])
  })
})

describe.each([...sources, ...outputs].map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  test('its examples are valid configurations', () => {
    expect(kind.examples.length).toBeGreaterThan(0)
    for (const { config } of kind.examples) expect(kind.config.safeParse(config)).toMatchObject({ success: true })
  })

  test('says in one sentence what it is', () => {
    expect(kind.summary).toMatch(/^[A-Z][^\n]*\.$/)
  })
})

test('every code has one sentence', () => {
  for (const [code, text] of Object.entries(codes)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(text).toMatch(/^[A-Z][^\n]*\.$/)
  }
})

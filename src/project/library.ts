import { globSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileGlob } from '../core/glob.ts'
import { codeFiles } from './files.ts'
import { packageModule } from './resolve.ts'

/** A rule of the library that comes with this package. Its file has its name, and its folder that of the vendor. */
export interface LibraryRule {
  readonly name: string
  readonly vendor: string
  /** Absolute. */
  readonly file: string
}

const folder = dirname(fileURLToPath(packageModule('rules/index')))

/** The folder that holds the library as a project holds its rules. */
export const libraryHome = dirname(folder)

/** All rules of the library, by vendor and name. Nothing is imported. */
export function libraryRules(): readonly LibraryRule[] {
  return codeFiles(folder)
    .map((file) => ({ file, vendor: relative(folder, dirname(file)), name: basename(file).replace(/\.\w+$/, '') }))
    .filter(({ vendor }) => vendor !== '' && vendor !== 'shared' && !vendor.includes(sep))
}

/** Of the library's rules, those that a glob means: by name (`okta-*`) or by vendor and name (`okta/*`). */
export function rulesMeant(glob: string, rules: readonly LibraryRule[]): readonly LibraryRule[] {
  const matches = compileGlob(glob)
  return rules.filter(({ name, vendor }) => matches(name) || matches(`${vendor}/${name}`))
}

/** What a glob that means nothing may have meant. */
export const libraryNames = (rules: readonly LibraryRule[]): string[] => [
  ...new Set(rules.map(({ vendor }) => `${vendor}/*`)),
  ...rules.flatMap(({ name, vendor }) => [`${vendor}/${name}`, name]),
]

/** Tables that rules of the library read, as they ship: nearly empty. A project's own table of the same name stands in place. */
export const libraryTables = (): readonly { readonly name: string; readonly path: string }[] =>
  globSync('lookups/*.json', { cwd: folder })
    .toSorted()
    .map((path) => ({ name: basename(path, '.json'), path: join(folder, path) }))

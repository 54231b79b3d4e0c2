import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { Problems } from '../../core/errors.ts'
import { codeOf } from '../code-request.ts'
import { loadCode } from '../code.ts'
import type { Project } from '../load.ts'
import { packageModule, registerResolve } from '../resolve.ts'
import { apiEntry, hasApi } from './api-entry.ts'
import {
  compactEntry,
  compacts,
  dispatchEntry,
  hasPublishers,
  ingestEntry,
  publisherEntry,
  workerEntry,
} from './entries.ts'
import { zip } from './zip.ts'

/** Files of the functions' code, absolute. */
export interface BuiltPackages {
  readonly ingest: string
  readonly dispatch: string
  /** Where records are kept as segments. */
  readonly compact?: string
  /** Where somebody may ask what happened. */
  readonly api?: string
}

/**
 * Writes `ingest.zip`, `dispatch.zip` and, where records are kept as segments, `compact.zip`, and where somebody may ask, `api.zip`, into a folder: the code of the functions with what the project names, and nothing else. The same
 * project gives the same bytes. Throws Problems when the project's code is broken.
 */
export async function bundleProject(project: Project, folder: string): Promise<BuiltPackages> {
  registerResolve()
  const code = await loadCode(codeOf(project))
  if (code.problems.length > 0) throw new Problems(code.problems)
  mkdirSync(folder, { recursive: true })
  const write = async (name: string, modules: Readonly<Record<string, string>>): Promise<string> => {
    const file = join(folder, `${name}.zip`)
    const files = Object.entries(modules).map(async ([module, entry]) => {
      return { name: module, bytes: await bundle(entry, project.dir) }
    })
    writeFileSync(file, zip(await Promise.all(files)))
    return file
  }
  return {
    ingest: await write('ingest', {
      'index.mjs': ingestEntry(project, code),
      'worker.mjs': workerEntry(project, code),
    }),
    dispatch: await write('dispatch', {
      'index.mjs': dispatchEntry(project, code),
      ...(hasPublishers(project, code) && { 'worker.mjs': publisherEntry(project, code) }),
    }),
    ...(compacts(project) && {
      compact: await write('compact', { 'index.mjs': compactEntry(project, code) }),
    }),
    ...(hasApi(project) && { api: await write('api', { 'index.mjs': apiEntry(project, code) }) }),
  }
}

/** One module from an entry's text. */
export async function bundle(entry: string, dir: string): Promise<Uint8Array> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: dir, loader: 'ts', sourcefile: 'index.ts' },
    ...{ bundle: true, write: false, minify: true, keepNames: false, legalComments: 'none', logLevel: 'silent' },
    ...{ platform: 'node', target: 'node24', format: 'esm', mainFields: ['module', 'main'] },
    // Some packages are written for require.
    banner: {
      js: `import{createRequire as streamalertRequire}from'node:module';const require=streamalertRequire(import.meta.url);`,
    },
    plugins: [resolveOurs],
  })
  return outputFiles[0]!.contents
}

const entries: Readonly<Record<string, string>> = {
  streamalert: 'src/index',
  'streamalert/parsers': 'src/parsers/index',
  'streamalert/schemas': 'schemas/index',
  'streamalert/rules': 'rules/index',
  'streamalert/helpers': 'src/helpers/index',
  'streamalert/publishers': 'src/publishers/index',
}

/** Projects import `streamalert` from here. (Of our modules those that nobody uses are left out, for package.json says that none does anything by itself.) */
const resolveOurs: Plugin = {
  name: 'streamalert',
  setup(build) {
    build.onResolve({ filter: /^streamalert(\/|$)/ }, ({ path }) => {
      const found = entries[path]
      return found === undefined ? undefined : { path: fileURLToPath(packageModule(found)), sideEffects: false }
    })
  },
}

import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError, messageOf } from '../core/errors.ts'
import { type Project, stateFolder } from './load.ts'
import { packageFile, packageModule } from './resolve.ts'

const require = createRequire(import.meta.url)

/**
 * Runs the TypeScript compiler on a project's rules and schemas. Answers its findings (TYPE_ERROR), places relative to the
 * project folder. Its configuration is written to the state folder, so that nothing depends on where this package lies.
 */
export async function checkTypes(project: Project): Promise<CodedError[]> {
  const files = [...project.ruleFiles, ...project.schemaFiles].filter((file) => /\.m?ts$/.test(file))
  const found = await compile(project, files)
  // With a fault of syntax anywhere the compiler looks at no types at all: it is asked again without those files.
  const broken = new Set(found.map(({ place }) => place.file && resolve(project.dir, place.file)))
  const sound = files.filter((file) => !broken.has(file))
  if (!found.some(isSyntax) || sound.length === files.length) return found
  const more = await compile(project, sound)
  return [...found, ...more.filter((error) => !isSyntax(error))]
}

const isSyntax = ({ message }: CodedError) => message.startsWith('TS1')

async function compile(project: Project, files: readonly string[]): Promise<CodedError[]> {
  if (files.length === 0) return []
  const folder = stateFolder(project)
  const tsconfig = join(folder, 'tsconfig.check.json')
  try {
    writeEditorFiles(folder)
    writeFileSync(tsconfig, `${JSON.stringify({ extends: './tsconfig.json', files }, null, 2)}\n`)
  } catch (error) {
    throw new CodedError(
      'STORE_FAILED',
      `Types cannot be checked, for nothing can be written here: ${messageOf(error)}.`,
      {
        place: { file: relative(project.dir, folder) },
        hint: 'Name a folder that may be written in streamalert.yaml: storage.path.',
      },
    )
  }
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  // Each of several checkers works out the types of this package anew: one takes a third of the processor time of four.
  const options = ['-p', tsconfig, '--pretty', 'false', '--checkers', '1']
  const { output, code } = await run(process.execPath, [compiler, ...options], project.dir)
  const found = parseDiagnostics(output, project.dir)
  if (code === 0 || found.length > 0) return found.filter(({ place }) => !place.file?.startsWith('..'))
  return [new CodedError('TYPE_ERROR', `The TypeScript compiler failed: ${output.trim().slice(0, 2000)}`)]
}

/**
 * Writes what editors need into the state folder of a project: `tsconfig.json`, which the project's own extends, so that
 * this package is found wherever it lies, and the JSON Schema of streamalert.yaml. The folder keeps itself out of git.
 */
export function writeEditorFiles(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, '.gitignore'), '*\n')
  writeFileSync(join(folder, 'tsconfig.json'), `${JSON.stringify({ compilerOptions: compilerOptions() }, null, 2)}\n`)
  const schema = 'streamalert.schema.json'
  cpSync(packageFile(`docs/reference/${schema}`), join(folder, schema))
}

/** Options under which rules are checked: the strictness that record types are made for. */
function compilerOptions() {
  const types = nodeTypes()
  return {
    target: 'es2024',
    lib: ['es2024', 'esnext.iterator'],
    // Whatever package.json is around: rules are ES modules (project/resolve.ts).
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    types: types ? ['node'] : [],
    ...(types !== undefined && { typeRoots: [types] }),
    paths: {
      streamalert: [declarations('src/index')],
      'streamalert/parsers': [declarations('src/parsers/index')],
      'streamalert/schemas': [declarations('schemas/index')],
      'streamalert/rules': [declarations('rules/index')],
      'streamalert/helpers': [declarations('src/helpers/index')],
      'streamalert/publishers': [declarations('src/publishers/index')],
      'streamalert/testing': [declarations('src/testing/index')],
    },
  }
}

/** Source in the clone, declarations in the published package. */
const declarations = (path: string) => fileURLToPath(packageModule(path)).replace(/\.js$/, '.d.ts')

/** The folder with the types of Node, where they are installed beside this package. */
function nodeTypes(): string | undefined {
  try {
    return dirname(dirname(require.resolve('@types/node/package.json')))
  } catch {
    return undefined
  }
}

/** Reads `file(line,column): error TS2551: message` lines, each with the indented lines that explain it. */
export function parseDiagnostics(output: string, dir: string): CodedError[] {
  const found: { file?: string; line?: number; column?: number; message: string }[] = []
  for (const line of output.split(/\r?\n/)) {
    const at = /^(.+)\((\d+),(\d+)\): error (TS\d+: .*)$/.exec(line)
    const nowhere = /^error (TS\d+: .*)$/.exec(line)
    const last = found.at(-1)
    if (at) {
      const file = relative(dir, resolve(dir, at[1]!))
      found.push({ file, line: Number(at[2]), column: Number(at[3]), message: at[4]! })
    } else if (nowhere) found.push({ message: nowhere[1]! })
    else if (last && /^\s+\S/.test(line)) last.message += `\n${line}`
  }
  return found.map(({ message, ...place }) => new CodedError('TYPE_ERROR', message, { place }))
}

function run(command: string, args: readonly string[], cwd: string): Promise<{ output: string; code: number | null }> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => done({ output, code }))
  })
}

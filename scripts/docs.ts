/**
 * Writes docs/reference from the declarations: what a component takes is said once, in its own file.
 *
 *   node scripts/docs.ts            write
 *   node scripts/docs.ts --check    fail when a page is not what it would write
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codes } from '../src/core/errors.ts'
import { config } from '../src/project/index.ts'
import { cliPage } from './docs/cli.ts'
import { lookupsPage, outputPages, parsersPage, secretsPage, sourcesPage } from './docs/components.ts'
import { projectSchema, toJsonSchema } from './docs/json-schema.ts'
import { optionTable, table } from './docs/options.ts'
import { rulesPage } from './docs/rules.ts'
import { schemaPages } from './docs/schemas.ts'

const folder = join(import.meta.dirname, '../docs/reference')
const notice = '<!-- Written by `npm run docs` from the code: change it there. -->\n\n'

/** Page → its text. */
export function referencePages(): Map<string, string> {
  const pages = new Map([
    ['README.md', indexPage()],
    ['configuration.md', configurationPage()],
    ['cli.md', cliPage()],
    ['sources.md', sourcesPage()],
    ...outputPages(),
    ['lookups.md', lookupsPage()],
    ['secrets.md', secretsPage()],
    ['parsers.md', parsersPage()],
    ['rules.md', rulesPage()],
    ['errors.md', errorsPage()],
    ...schemaPages(),
  ])
  const texts = [...pages].map(([path, text]) => [path, `${notice}${text.trimEnd()}\n`] as const)
  return new Map([...texts, ['streamalert.schema.json', `${JSON.stringify(projectSchema(), null, 2)}\n`]])
}

const indexPage = () => `# Reference

- [Commands](cli.md)
- [streamalert.yaml](configuration.md), and its [JSON Schema](streamalert.schema.json) for editors
- [Sources](sources.md), [parsers](parsers.md), [log types](schemas.md), [outputs](outputs.md), [lookup tables](lookups.md), [providers of secrets](secrets.md)
- [Rules](rules.md) that come with StreamAlert
- [Error codes](errors.md)
`

const configurationPage = () => `# streamalert.yaml

Durations are written \`30s\`, \`5m\`, \`2h\`, \`7d\`; sizes \`512MB\`, \`5GB\`. What is not written has its default.
For completion in an editor, begin the file with \`# yaml-language-server: $schema=\` and the path of [streamalert.schema.json](streamalert.schema.json).

${optionTable(toJsonSchema(config))}`

const errorsPage = () => `# Error codes

Every problem is reported with a code, its place, what was found and what to do. Codes do not change.

${table(
  ['code', 'meaning'],
  Object.entries(codes).map(([code, text]) => [`\`${code}\``, text]),
)}`

/** Pages on disk that differ from, lack or exceed what the code says. */
function stale(pages: ReadonlyMap<string, string>): string[] {
  const onDisk = globSync('**/*.*', { cwd: folder })
  const surplus = onDisk.filter((path) => !pages.has(path))
  const different = [...pages].filter(([path, text]) => {
    return !onDisk.includes(path) || readFileSync(join(folder, path), 'utf8') !== text
  })
  return [...surplus, ...different.map(([path]) => path)].toSorted()
}

function write(pages: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

if (import.meta.main) {
  const pages = referencePages()
  if (process.argv.includes('--check')) {
    const differing = stale(pages)
    if (differing.length > 0) {
      process.stderr.write(
        `docs/reference is stale: run "npm run docs".\n${differing.map((path) => `  ${path}\n`).join('')}`,
      )
      process.exitCode = 1
    }
  } else write(pages)
}

import { fileURLToPath } from 'node:url'
import { setEnvironmentData } from 'node:worker_threads'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Processes and threads that tests start find compiled code of those before them. */
const compiled = here('node_modules/.cache/compiled')
setEnvironmentData('compileCache', compiled)

/** Files that take longest. Vitest learns that in the first run, which is the one that a newcomer sees. */
const long =
  /embedded\/(kill|staging|containment|follow)|cli\/cli\.test|aws-s3\/aws-s3|nats\/nats|test-mutate|quickstart\.test|sources\/file\.test/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => Number(long.test(other.moduleId)) - Number(long.test(one.moduleId)))
  }
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^streamalert$/, replacement: here('src/index.ts') },
      { find: /^streamalert\/parsers$/, replacement: here('src/parsers/index.ts') },
      { find: /^streamalert\/schemas$/, replacement: here('schemas/index.ts') },
      { find: /^streamalert\/rules$/, replacement: here('rules/index.ts') },
      { find: /^streamalert\/helpers$/, replacement: here('src/helpers/index.ts') },
      { find: /^streamalert\/publishers$/, replacement: here('src/publishers/index.ts') },
      { find: /^streamalert\/testing$/, replacement: here('src/testing/index.ts') },
    ],
  },
  test: {
    include: ['{src,schemas,rules,infra,bench,scripts,scenarios,examples}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.scratch/**'],
    env: { NODE_COMPILE_CACHE: compiled },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // No test changes what another sees: no mocks, no state in modules, no folder of the process. So the files that a thread runs
    // may share what they import, which takes longer than most of them run.
    pool: 'threads',
    sequence: { sequencer: LongestFirst },
    isolate: false,
    // Many tests wait, for processes of their own among others: twice as many at a time as a small machine has cores.
    maxWorkers: 4,
  },
})

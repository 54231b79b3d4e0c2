import { sep } from 'node:path'
import type { Rule } from '../../core/contracts/index.ts'
import { problemsOf } from '../../core/errors.ts'
import { loadCode } from '../../project/code.ts'
import { registerResolve } from '../../project/resolve.ts'
import { type Line, plain, serve, tellStrays } from '../workers/serve.ts'
import type { CodeInput, WorkerInput } from './worker-input.ts'

/**
 * Loads a project's code, then decodes, classifies and runs rules for each job that comes. Call it once in a thread or process,
 * which is then all the project's.
 */
export async function startEvaluation(input: WorkerInput, line: Line): Promise<void> {
  const { code, maxBodyBytes } = input
  const { send } = line
  tellStrays(line)
  const imported = new Set<string>()
  registerResolve((path) => void imported.add(path))
  const { schemas, rules, publishers, tables, problems } = await loadCode(code, (file) =>
    send({ type: 'importing', file }),
  )
  if (problems.length > 0) return send({ type: 'broken', problems: problems.map(plain) })
  try {
    const ready = rules.map((rule) => withOutputs(rule, code))
    const loaded = serve({ schemas, rules: ready, publishers, tables, sources: code.sources, maxBodyBytes }, line)
    send({ type: 'ready', ...loaded, files: filesOf(code.dir, imported) })
  } catch (error) {
    send({ type: 'broken', problems: problemsOf(error).map(plain) })
  }
}

function withOutputs(rule: Rule, { everyOutput }: CodeInput): Rule {
  return { ...rule, info: { ...rule.info, outputs: [...new Set([...everyOutput, ...rule.info.outputs])] } }
}

/** Of the files that were imported, those of the project itself. */
const filesOf = (dir: string, imported: ReadonlySet<string>): string[] =>
  [...imported].filter((path) => path.startsWith(dir + sep) && !path.includes(`${sep}node_modules${sep}`))

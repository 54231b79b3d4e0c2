import { createScreen } from '../../runtimes/embedded/terminal/index.ts'
import type { Cli } from '../cli.ts'

/** What an engine is started with that does one thing for a command: what people have to hear goes to stderr. */
export function engineFor(cli: Cli) {
  const { stdout, stderr, env } = process
  const screen = createScreen({ alerts: cli.json ? stderr : stdout, people: stderr, env, now: Date.now })
  const log = ({ level, message }: { readonly level: string; readonly message: string }) => {
    if (level === 'error' || level === 'warn') cli.warn(message)
  }
  return { projectDir: cli.dir, screen, env, events: { log } }
}

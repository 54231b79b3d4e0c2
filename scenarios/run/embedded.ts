import { sleep } from '../../src/core/sleep.ts'
import { startEngine } from '../../src/runtimes/embedded/engine.ts'
import { laterBy, type Run, testKeys, testRegion } from './place.ts'

/** One run of the embedded engine over what the queue announces. When all is read and sent, its clock moves on, and windows close. */
export async function runEmbedded(run: Run): Promise<void> {
  const { scenario, endpoint, queueUrl } = run
  let { now } = scenario
  const led = { endpoint, queueEndpoint: endpoint, region: testRegion, credentials: testKeys(), pathStyle: true }
  const engine = await startEngine({
    ...{ projectDir: scenario.projectDir, once: false },
    adapt: (project) => ({
      ...project,
      sources: project.sources.map((source) => ({
        ...source,
        options: { ...(source.options as object), ...led, queue: queueUrl, waitSeconds: 1 },
      })),
    }),
    screen: { colour: false, columns: 200, write() {} },
    env: { STREAMALERT_SECRET_HOOK: run.hook },
    events: { log() {} },
    now: () => now,
  })
  const patience = AbortSignal.timeout(20_000)
  try {
    while (run.left() > 0 && !patience.aborted) await sleep(10, patience)
    if (run.left() > 0) throw new Error(`${run.left()} messages were not read.`)
    await engine.deliver()
    now += laterBy
    await engine.deliver()
  } finally {
    await engine.stop()
  }
}

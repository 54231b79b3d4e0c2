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
  while (run.left() > 0) await sleep(10, AbortSignal.timeout(20_000))
  await engine.deliver()
  now += laterBy
  await engine.deliver()
  await engine.stop()
}

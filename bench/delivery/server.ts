/** A webhook on a thread of its own: it tells of each alert that arrives, and when. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

/** An alert that arrived; `at` in epoch milliseconds. */
export interface Arrival {
  readonly id: string
  readonly at: number
  readonly body: string
}

export interface Webhook {
  readonly url: string
  /** Arrivals since it was asked last. */
  taken(): Promise<readonly Arrival[]>
  close(): Promise<number>
}

export async function startWebhook(): Promise<Webhook> {
  const worker = new Worker(new URL(import.meta.url))
  const next = <T>() => new Promise<T>((resolve) => void worker.once('message', resolve))
  const port = await next<number>()
  return {
    url: `http://127.0.0.1:${port}/`,
    taken() {
      worker.postMessage('taken')
      return next()
    },
    close: () => worker.terminate(),
  }
}

if (!isMainThread) {
  let arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    const at = Date.now()
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      response.end()
      arrivals.push({ id: String(request.headers['x-streamalert-alert']), at, body })
    })
  })
  server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port))
  parentPort!.on('message', () => {
    parentPort!.postMessage(arrivals)
    arrivals = []
  })
}

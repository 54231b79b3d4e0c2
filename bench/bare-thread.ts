/** A thread that does nothing but gunzip and JSON.parse; see `bareThreads`. */
import { parentPort, workerData } from 'node:worker_threads'
import { gunzipAndParse } from './floor.ts'

parentPort!.on('message', () => parentPort!.postMessage(gunzipAndParse(workerData as readonly Uint8Array[])))

import { hash } from 'node:crypto'
import type { SourceHost } from '../../core/component.ts'
import { messageOf } from '../../core/errors.ts'
import type { AppendOptions, Spool } from '../spool/index.ts'
import type { Auth } from './auth.ts'
import { type BodyLimits, busy, decodeBody, type Held, type Holding, readBody } from './body.ts'
import {
  type Answer,
  type Exchange,
  type Head,
  type Incoming,
  type Intake,
  isRefused,
  json,
  type Protocol,
  refuse,
  type Refused,
  type Route,
  type Sender,
} from './exchange.ts'
import type { Respond } from './listener.ts'

export interface ServeOptions {
  /** The first that has a route for a request takes it. */
  readonly protocols: readonly Protocol[]
  readonly auth: Auth
  readonly limits: BodyLimits
  readonly held: Held
  readonly spool: Pick<Spool, 'append'>
  /** How long requests are known. Milliseconds; 0: not at all. */
  readonly repeats: { readonly keyMs: number; readonly bodyMs: number }
}

type ServeHost = Pick<SourceHost, 'name' | 'decoders' | 'count' | 'log' | 'now'>

/** A request, and who sent it. */
interface Received extends Exchange {
  readonly sender: Sender
}

const nothing = Buffer.alloc(0)
const withoutBody = (head: Head): Received => ({ ...head, sent: nothing, body: nothing, sender: { name: '' } })

/** Refusals of one kind are logged so often. Milliseconds. */
const logEveryMs = 60_000

/**
 * Answers requests: route, sender, body, protocol, spool, answer. Whatever is positive is said when the records are durable.
 */
export function createServe(options: ServeOptions, host: ServeHost): Respond {
  const { protocols, auth, limits, held, spool, repeats } = options
  const logged = new Map<string | number, number>()

  async function answerOf(request: Incoming, proceed: () => void): Promise<Answer> {
    const head = headOf(request)
    if (!head) return json(400, { error: 'The address cannot be read.' })
    const [protocol, route] = routeOf(protocols, head)
    if (!protocol || !route) return note(head, undefined, refuse(404, 'There is nothing at this path.'))
    const holding = held.open()
    try {
      const received = route.open ? withoutBody(head) : await receive(request, head, route, holding, proceed)
      if (isRefused(received)) return note(head, protocol, received)
      const outcome = await route.handle(received)
      if (isRefused(outcome)) return note(head, protocol, outcome)
      return 'entries' in outcome ? await keep(protocol, received, outcome) : outcome
    } catch (error) {
      if (request.destroyed && !request.complete) return json(408, { error: 'The request ended too early.' })
      tell('error', 'SOURCE_FAILED', messageOf(error))
      return note(head, protocol, refuse(503, 'The records cannot be kept for now.', { retryAfter: 5 }))
    } finally {
      holding.release()
    }
  }

  /** Who sends, then the body, then its signature, then what is compressed in it: the cheapest refusal first. */
  async function receive(
    request: Incoming,
    head: Head,
    { verify }: Route,
    holding: Holding,
    proceed: () => void,
  ): Promise<Received | Refused> {
    const admitted = verify ? 'signature' : await auth.admit(head)
    if (admitted !== 'signature' && isRefused(admitted)) return admitted
    const sent = await readBody(request, limits, holding, proceed)
    if (isRefused(sent)) return sent
    const sender = admitted === 'signature' ? await (verify ?? auth.verify)({ ...head, sent, body: sent }) : admitted
    if (isRefused(sender)) return sender
    const body = await decodeBody(sent, head.headers['content-encoding'], host.decoders, limits, holding)
    return isRefused(body) ? body : { ...head, sent, body, sender }
  }

  async function keep(protocol: Protocol, received: Received, intake: Intake): Promise<Answer> {
    const { entries, refused = 0, answer } = intake
    if (refused > 0) host.count('refused', refused)
    if (entries.length === 0) return answer
    const appended = await spool.append(entries, keyOf(protocol, received, intake))
    return appended === 'full' ? note(received, protocol, busy('The spool is full.')) : answer
  }

  function keyOf(protocol: Protocol, received: Received, { key, channel }: Intake): AppendOptions {
    const { path, query, sent, sender } = received
    const scope = [protocol.name, sender.name]
    if (key !== undefined) return { key: JSON.stringify([...scope, 'key', key]), keyMs: repeats.keyMs }
    if (repeats.bodyMs === 0) return {}
    const place = `${path}?${query.toString()}`
    const name = JSON.stringify([...scope, 'body', channel, place, hash('sha256', sent)])
    return { key: name, keyMs: repeats.bodyMs }
  }

  /** Logs what is of one kind now and then, not each time. */
  function tell(level: 'warn' | 'error', code: string, text: string, kind: string | number = code): void {
    const now = host.now()
    if (now - (logged.get(kind) ?? Number.NEGATIVE_INFINITY) < logEveryMs) return
    logged.set(kind, now)
    host.log({ level, code, message: `${host.name}: ${text}` })
  }

  /** Counts and logs a refusal; answers it in the protocol's form. */
  function note(head: Head, protocol: Protocol | undefined, { refusal }: Refused): Answer {
    const { status, reason } = refusal
    if (status !== 429 && status !== 503) host.count('refused')
    tell('warn', 'SOURCE_REFUSED', `${protocol?.name ?? 'a request'} was answered with ${status}: ${reason}`, status)
    return protocol ? protocol.refuse(head, refusal) : json(status, { error: reason })
  }

  return answerOf
}

function headOf(request: Incoming): Head | undefined {
  const url = URL.parse(request.url ?? '', 'http://localhost')
  if (!url) return undefined
  const { pathname } = url
  let end = pathname.length
  while (pathname[end - 1] === '/') end--
  return {
    method: request.method ?? 'GET',
    path: pathname.slice(0, end),
    query: url.searchParams,
    headers: request.headers,
  }
}

function routeOf(protocols: readonly Protocol[], head: Head): readonly [Protocol, Route] | readonly [] {
  for (const protocol of protocols) {
    const route = protocol.route(head)
    if (route) return [protocol, route]
  }
  return []
}

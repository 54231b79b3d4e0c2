/** What happened, for those who ask from afar: `/v1/clusters/<cluster>/…`. */
import type { ApiRequest, ApiResponse, Fetch } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { type Access, compileAccess, type Grant, includes, type Role } from './access.ts'
import { answerOf, failureOf } from './answer.ts'
import { bodyOf, checked, nothing, queryOf } from './input.ts'
import { type Desk, type Route, routes } from './routes.ts'

export { compileAccess, type Grant, principalOf, type Role, roles } from './access.ts'
export { type EntryJson, entryFromJson, entryToJson } from './entry-json.ts'
export * from './reader.ts'
export type { RuleFacts } from './rule-facts.ts'
export type { Desk } from './routes.ts'

export interface ApiHost {
  /** Cluster → what is done there; `role`: who asks. */
  readonly clusters: ReadonlyMap<string, (role: Role) => Desk>
  readonly grants: readonly Grant[]
  /** Told of what failed for no fault of the asker. */
  readonly failed?: (error: unknown) => void
}

/** Puts the api together. */
export function createFetch({ clusters, grants, failed }: ApiHost): Fetch {
  const accessOf = compileAccess(grants)

  async function answer(request: ApiRequest): Promise<ApiResponse> {
    const access = accessOf(request.caller)
    if (access.isStranger) throw forbidden('Nobody gave you a role here.')
    const parts = partsOf(request.path)
    if (parts.length === 1 && parts[0] === 'v1') {
      if (request.method !== 'GET') return wrongMethod(request.method, ['GET'])
      checked(nothing, queryOf(request.query))
      return answerOf(200, { clusters: known(access) })
    }
    const [version, kind, cluster = '', ...rest] = parts
    const found = version === 'v1' && kind === 'clusters' ? routeOf(rest) : undefined
    if (!found) throw new CodedError('NOT_FOUND', 'There is no such path.', { hint: 'They begin with /v1/clusters/.' })
    const { methods, id } = found
    const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
    if (!route) return wrongMethod(request.method, Object.keys(methods))
    const desk = deskOf(cluster, route, access)
    const isPost = request.method === 'POST'
    if (isPost) checked(nothing, queryOf(request.query))
    const given = isPost ? bodyOf(request.body) : queryOf(request.query)
    return answerOf(200, await route.answer(desk, checked(route.input, given) as never, id))
  }

  const known = ({ roleIn }: Access) =>
    [...clusters.keys()].flatMap((name) => {
      const role = roleIn(name)
      return role === undefined ? [] : [{ name, role }]
    })

  function deskOf(cluster: string, route: Route, { roleIn }: Access): Desk {
    const role = roleIn(cluster)
    if (role === undefined || !includes(role, route.role)) {
      const has = role === undefined ? 'you have none there' : `you are ${role}`
      throw forbidden(`This takes the role ${route.role} in the cluster ${cluster}; ${has}.`)
    }
    const open = clusters.get(cluster)
    if (open) return open(role)
    throw new CodedError('NOT_FOUND', `There is no cluster ${cluster}.`, {
      hint: `There are ${[...clusters.keys()].join(', ')}.`,
    })
  }

  return async (request, signal) => {
    const { promise, reject } = Promise.withResolvers<never>()
    const late = () => reject(tooSlow)
    signal.addEventListener('abort', late)
    try {
      if (signal.aborted) late()
      return await Promise.race([answer(request), promise])
    } catch (error) {
      const response = failureOf(error)
      if (response.status >= 500) failed?.(error)
      return response
    } finally {
      signal.removeEventListener('abort', late)
    }
  }
}

const tooSlow = new CodedError('API_SLOW', 'The answer took too long.', {
  hint: 'Ask for less: a rule, a shorter time, a lower limit. What was begun again is not begun twice.',
})

const forbidden = (message: string) =>
  new CodedError('API_FORBIDDEN', message, { hint: 'Roles are given by aws.api.access in streamalert.yaml.' })

const wrongMethod = (method: string, allowed: readonly string[]): ApiResponse =>
  failureOf(
    new CodedError('API_INVALID', `${method.slice(0, 20)} is not for this path.`, {
      hint: `It takes ${allowed.join(', ')}.`,
    }),
    { allow: allowed.join(', ') },
    405,
  )

/** Parts of a path; what is not well encoded fits no path. */
function partsOf(path: string): readonly string[] {
  try {
    return path
      .split('/')
      .slice(1)
      .map((part) => decodeURIComponent(part))
  } catch {
    return []
  }
}

function routeOf(parts: readonly string[]): { methods: Readonly<Record<string, Route>>; id: string } | undefined {
  const own = (path: string) => (Object.hasOwn(routes, path) ? routes[path] : undefined)
  const exact = own(parts.join('/'))
  if (exact && !parts.includes(':id')) return { methods: exact, id: '' }
  const [first = '', id = '', more] = parts
  const withId = more === undefined && /^[\w.-]{4,128}$/.test(id) ? own(`${first}/:id`) : undefined
  return withId && { methods: withId, id }
}

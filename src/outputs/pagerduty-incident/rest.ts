import { field } from '../shared/words.ts'
import type { VendorSend } from '../shared/vendor.ts'

/** PagerDuty's REST API, as one send uses it: https://developer.pagerduty.com/api-reference/ */
export interface PagerDutyRest {
  /** The incident that the alerts of a key belong to. */
  readonly incidentOf: (key: string) => Promise<string | undefined>
  readonly userOf: (email: string) => Promise<string | undefined>
  readonly priorityOf: (name: string) => Promise<string | undefined>
  readonly update: (incident: string, change: Readonly<Record<string, unknown>>) => Promise<void>
  readonly note: (incident: string, content: string) => Promise<void>
  readonly request: (
    incident: string,
    requester: string,
    responders: readonly string[],
    message: string,
  ) => Promise<void>
}

/** `from`: the e-mail address of the user in whose name incidents are changed. */
export function createRest(
  vendor: VendorSend,
  { api, token, from }: { api: string; token: string; from: string },
): PagerDutyRest {
  const headers = {
    accept: 'application/vnd.pagerduty+json;version=2',
    authorization: `Token token=${token}`,
    from,
  }
  const get = (path: string) => vendor.call({ method: 'GET', url: `${api}${path}`, headers })
  const send = async (method: 'POST' | 'PUT', path: string, json: unknown) => {
    await vendor.call({ method, url: `${api}${path}`, headers, json })
  }
  const at = (incident: string) => `/incidents/${encodeURIComponent(incident)}`
  return {
    incidentOf: async (key) =>
      field(
        await get(`/incidents?incident_key=${encodeURIComponent(key)}&date_range=all&limit=1`),
        'incidents',
        0,
        'id',
      ),
    userOf: async (email) =>
      find(await get(`/users?query=${encodeURIComponent(email)}&limit=25`), 'users', 'email', email),
    priorityOf: async (name) => find(await get('/priorities'), 'priorities', 'name', name),
    update: (incident, change) => send('PUT', at(incident), { incident: { type: 'incident_reference', ...change } }),
    note: (incident, content) => send('POST', `${at(incident)}/notes`, { note: { content } }),
    request: (incident, requester, responders, message) =>
      send('POST', `${at(incident)}/responder_requests`, {
        requester_id: requester,
        message,
        responder_request_targets: responders.map((id) => ({
          responder_request_target: { id, type: 'user_reference' },
        })),
      }),
  }
}

/** The id of the item of a list that has a value in a field, letters of either case. */
function find(answer: unknown, list: string, name: string, value: string): string | undefined {
  for (let n = 0; field(answer, list, n, 'id') !== undefined; n++) {
    if (field(answer, list, n, name)?.toLowerCase() === value.toLowerCase()) return field(answer, list, n, 'id')
  }
  return undefined
}

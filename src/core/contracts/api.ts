/** A request to the api, whatever carried it. */
export interface ApiRequest {
  /** `GET`, `POST`. */
  readonly method: string
  /** Begins with a slash, as it came: percent-encoded. */
  readonly path: string
  /** Without its question mark. */
  readonly query: string
  readonly body?: string
  /** ARN of who asks, as the transport has proved it; undefined: nobody knows. */
  readonly caller: string | undefined
}

/** Its answer: JSON, with `{error: {code, message, hint?, problems?}}` where `status` is 400 or more. */
export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The third verb of an app: answers what happened, and tries again what failed. Never rejects; when `signal` aborts, it answers at once that
 * the time was too short.
 */
export type Fetch = (request: ApiRequest, signal: AbortSignal) => Promise<ApiResponse>

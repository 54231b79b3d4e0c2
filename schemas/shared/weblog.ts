/** The inside of a quoted text in which the writer escapes quotes by a backslash. */
export const quoted = String.raw`(?:[^"\\]|\\.)*`

/** Referer and agent, as the combined format puts them after the common one. */
export const refererAndAgent = String.raw` "(?<referer>${quoted})" "(?<agent>${quoted})"`

/** A line of a web server; Apache and nginx give the same fields. */
export const accessLine = {
  client: 'string',
  timestamp: 'string',
  /** The request line as it was sent. */
  request: 'string',
  /** Absent when the request line is not of HTTP's form. */
  method: 'string?',
  url: 'string?',
  protocol: 'string?',
  status: 'integer?',
  bytes: 'integer?',
  ident: 'string?',
  user: 'string?',
  referer: 'string?',
  agent: 'string?',
  /** Name and port of the virtual host. */
  vhost: 'string?',
  /** The header X-Forwarded-For. */
  forwarded_for: 'string?',
  /** What the server was told to log beyond that. */
  rest: 'string?',
} as const

export const accessMeaning = {
  source_ip: ['client', 'forwarded_for'],
  user: 'user',
  http_method: 'method',
  http_status: 'status',
  url: 'url',
  user_agent: 'agent',
} as const

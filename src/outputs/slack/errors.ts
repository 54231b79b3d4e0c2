import { CodedError } from '../../core/errors.ts'

/** Errors that pass: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
])

/** Errors that a person mends at Slack or in the configuration, and how. */
const hints: ReadonlyMap<string, string> = new Map([
  ['invalid_auth', 'Check the bot token: it begins with xoxb-.'],
  ['not_authed', 'Check the bot token: it begins with xoxb-.'],
  ['token_revoked', 'Install the app in the workspace anew, and set the secret to its new token.'],
  ['token_expired', 'Install the app in the workspace anew, and set the secret to its new token.'],
  ['account_inactive', 'Install the app in the workspace anew, and set the secret to its new token.'],
  ['missing_scope', 'Give the app the scope chat:write, and install it anew.'],
  ['channel_not_found', "Configure the channel's id (C…), and invite the app to the channel if it is private."],
  ['not_in_channel', 'Invite the app to the channel: /invite @app.'],
  ['is_archived', 'The channel is archived: configure another one.'],
  ['restricted_action', "An administrator's rule keeps the app from posting there."],
  ['access_denied', 'The app may not use this method or channel.'],
  ['no_permission', 'The app may not use this method or channel.'],
  ['ekm_access_denied', 'An administrator has suspended posting.'],
  ['org_login_required', 'The workspace is being moved to an organisation: install the app there.'],
])

/** The error for `"ok": false`, which Slack answers with status 200. `error`: its word for it; undefined: there was none to read. */
export function slackError(error: string | undefined): CodedError {
  if (error === undefined || passing.has(error)) {
    return new CodedError('OUTPUT_UNAVAILABLE', `Slack answers: ${error ?? 'nothing that can be read'}.`, {
      retry: 'later',
    })
  }
  const hint = hints.get(error)
  const code = hint === undefined ? 'OUTPUT_REJECTED' : 'OUTPUT_MISCONFIGURED'
  return new CodedError(code, `Slack refuses the message: ${error}.`, { ...(hint !== undefined && { hint }) })
}

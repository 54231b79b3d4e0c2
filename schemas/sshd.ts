import { defineSchema } from '../src/core/schema.ts'
import { pattern, syslog } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

const from = String.raw`from (?<client_ip>\S+)(?: port (?<client_port>\d+)|)`
const user = String.raw`(?:(?<user_state>invalid|illegal) user |)(?<user>.*)`
const party = String.raw`(?:(?<user_state>invalid|authenticating) user (?<user>.*) |user (?<user>\S+) |)(?<client_ip>[\w%-]*[.:][\w.:%-]*)(?: port (?<client_port>\d+)|)`
const detail = '(?: (?<detail>.*)|)'

/** What sshd says, by its own source (auth.c, auth2.c, packet.c) and that of pam_unix; the first that fits counts. */
const message = pattern({
  as: 'event',
  pattern: {
    login_failed: String.raw`Failed (?<method>\S+) for ${user} ${from}${detail}`,
    login: String.raw`(?:Accepted|Postponed) (?<method>\S+) for ${user} ${from}${detail}`,
    invalid_user: String.raw`(?:Invalid|Illegal) user (?<user>.*) ${from}`,
    too_many_attempts: String.raw`(?:error: )?maximum authentication attempts exceeded for ${user} ${from}${detail}`,
    not_allowed: String.raw`User (?<user>.*) ${from} not allowed because (?<detail>.*)`,
    not_allowed_account: String.raw`User (?<user>.*) not allowed because (?<detail>.*)`,
    no_identification: String.raw`(?:error: )?Did not receive identification string ${from}`,
    connection: String.raw`Connection ${from} on (?<detail>.*)`,
    connection_closed: String.raw`Connection (?:closed|reset) by ${party}${detail}`,
    disconnected: String.raw`Disconnected from ${party}${detail}`,
    disconnect_received: String.raw`(?:error: )?Received disconnect from (?:(?<client_ip>\S+) port (?<client_port>\d+):|(?<client_ip>\S+): )(?<detail>.*)`,
    repeated: String.raw`message repeated (?<times>\d+) times: \[ ?Failed (?<method>\S+) for ${user} ${from}${detail}\]`,
    session_opened: String.raw`pam_\w+\(sshd:session\): session opened for user (?<user>[^(\s]+)(?<detail>[( ].*|)`,
    session_closed: String.raw`pam_\w+\(sshd:session\): session closed for user (?<user>\S+)`,
    pam_failed: String.raw`(?:pam_\w+\(sshd:auth\): authentication failure|PAM \d+ more authentication failures?);(?<detail>.*?) rhost=(?<client_ip>\S*)(?:\s+user=(?<user>.*))?`,
    other: '.*',
  },
})

export const sshd = defineSchema({
  name: 'sshd',
  description: 'OpenSSH server through syslog, with user, address and outcome of logins.',
  parse: syslog({ app: ['sshd', 'sshd-session', 'sshd-auth'], message, head: 'record' }),
  fields: {
    ...syslogHead,
    appname: 'string',
    message: 'string',
    /** Which message it is: `login`, `login_failed`, `invalid_user`, `session_opened` …, `other`. */
    event: 'string',
    method: 'string?',
    user: 'string?',
    /** `invalid`: there is no such user. */
    user_state: 'string?',
    client_ip: 'string?',
    client_port: 'integer?',
    times: 'integer?',
    detail: 'string?',
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'client_ip',
    source_port: 'client_port',
    user: 'user',
    host: 'hostname',
    event_name: 'event',
    process: 'appname',
    process_id: 'procid',
  },
})

import { defineSchema } from '../src/core/schema.ts'
import { pattern, syslog } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

/** https://www.sudo.ws/docs/man/sudoers.man/#LOG_FORMAT */
const message = pattern({
  as: 'event',
  pattern: {
    command: String.raw`\s*(?<user>\S+) : (?:(?<problem>[^;=]+) ; )?(?:HOST=(?<on_host>\S+) ; )?(?:TTY=(?<tty>[^; ]+) ; )?(?:CHROOT=\S+ ; )?PWD=(?<pwd>[^;]*) ; USER=(?<run_as>\S+) ;(?: GROUP=(?<run_as_group>\S+) ;)?(?: TSID=(?<session>\S+) ;)?(?: ENV=(?<env>[^;]*) ;)? COMMAND=(?<command>.*)`,
    session_opened: String.raw`pam_\w+\(sudo(?:-i)?:session\): session opened for user (?<run_as>[^(\s]+)(?:\(\S*)? by (?<user>[^(\s]*)(?:\(.*)?`,
    session_closed: String.raw`pam_\w+\(sudo(?:-i)?:session\): session closed for user (?<run_as>\S+)`,
    auth_failed: String.raw`pam_\w+\(sudo(?:-i)?:auth\): authentication failure;.*? user=(?<user>\S+)`,
    other: '.*',
  },
})

export const sudo = defineSchema({
  name: 'sudo',
  description: 'sudo through syslog: who ran what as whom, and who was refused.',
  parse: syslog({ app: 'sudo', message, head: 'record' }),
  fields: {
    ...syslogHead,
    appname: 'string',
    message: 'string',
    /** Which message it is: `command`, `session_opened`, `session_closed`, `auth_failed`, `other`. */
    event: 'string',
    user: 'string?',
    /** The user that the command ran as. */
    run_as: 'string?',
    run_as_group: 'string?',
    command: 'string?',
    /** Why it was refused, such as `user NOT in sudoers`. */
    problem: 'string?',
    pwd: 'string?',
    tty: 'string?',
    on_host: 'string?',
    session: 'string?',
    env: 'string?',
  },
  time: 'timestamp',
  normalise: {
    user: 'user',
    target_user: 'run_as',
    command: 'command',
    host: 'hostname',
    event_name: 'event',
    process: 'appname',
  },
})

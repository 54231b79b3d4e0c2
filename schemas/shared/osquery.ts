import { map, maybe } from '../../src/core/fields/spec.ts'

/**
 * What every result of a scheduled query carries.
 * https://osquery.readthedocs.io/en/stable/deployment/logging/
 */
export const queryResult = {
  name: 'string',
  hostIdentifier: 'string',
  calendarTime: 'string',
  unixTime: 'string',
  epoch: 'integer?',
  counter: 'integer?',
  decorations: maybe(map('string')),
  log_type: 'string?',
  numerics: 'boolean?',
  logNumericsAsNumbers: 'boolean?',
} as const

/** What osquery's columns mean; `at` is the path of a row. Which columns there are depends on the query. */
export const columnMeaning = (at: string) => ({
  host: 'hostIdentifier',
  command: [`${at}.cmdline`, `${at}.command`],
  process: { path: `${at}.name`, when: { path: `${at}.pid`, not: '' } },
  process_id: `${at}.pid`,
  process_path: { path: `${at}.path`, when: { path: `${at}.pid`, not: '' } },
  file_path: [`${at}.path`, `${at}.directory`, `${at}.history_file`, `${at}.target_path`],
  file_hash: [`${at}.md5`, `${at}.sha1`, `${at}.sha256`],
  user: [`${at}.username`, `${at}.user`],
  user_id: `${at}.uid`,
  source_ip: [`${at}.host`, `${at}.local_address`],
  source_port: `${at}.local_port`,
  destination_ip: [`${at}.remote_address`, `${at}.destination`],
  destination_port: `${at}.remote_port`,
  protocol: `${at}.protocol`,
})

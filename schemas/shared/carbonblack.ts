import { type Fields, map, maybe } from '../../src/core/fields/spec.ts'
import { defineSchema } from '../../src/core/schema.ts'
import { json } from '../../src/parsers/index.ts'

/** Carbon Black Response names each kind of event in `type`; its forwarder adds `cb_server`. */
const head = { type: 'string', cb_server: 'string?', timestamp: 'string?' } as const

/** What the fields mean, whichever of them an event has. */
const meanings = {
  host: ['computer_name', 'hostname', 'endpoint[]'],
  user: ['username', 'child_username'],
  command: ['command_line', 'cmdline', 'child_command_line'],
  process: ['process_name'],
  process_path: ['process_path'],
  process_id: ['pid', 'process_pid'],
  parent_process_path: ['parent_path'],
  file_path: ['path', 'observed_filename', 'file_path', 'target_path'],
  file_hash: [
    'md5',
    'sha256',
    'process_md5',
    'process_sha256',
    'file_md5',
    'file_sha256',
    'target_md5',
    'target_sha256',
  ],
  source_ip: ['local_ip', 'comms_ip', 'interface_ip'],
  source_port: ['local_port'],
  destination_ip: ['remote_ip', 'ipv4'],
  destination_port: ['remote_port', 'port'],
  domain: ['domain'],
  protocol: ['protocol'],
  threat: ['feed_name', 'watchlist_name'],
  severity: ['alert_severity', 'report_score'],
} as const

function meaningsOf(fields: Fields, pathMeans = 'file_path') {
  const known = (path: string) => path.replace('[]', '') in fields
  return Object.fromEntries(
    Object.entries(meanings)
      .map(([name, paths]) => [name === 'file_path' ? pathMeans : name, paths.filter(known)] as const)
      .filter(([, paths]) => paths.length > 0),
  )
}

/** One event a text. `type`: what the event calls itself, when that is not its name; `pathMeans`: what `path` is; `timed`: whether it says when. */
export function event<const F extends Fields>(
  name: string,
  description: string,
  fields: F,
  {
    type = name,
    pathMeans,
    timed = true,
  }: { readonly type?: string; readonly pathMeans?: string; readonly timed?: boolean } = {},
) {
  return defineSchema({
    name: `carbonblack:${name}`,
    description: `Carbon Black Response: ${description}`,
    parse: json(),
    fields: { ...head, ...fields },
    ...(timed && { time: 'timestamp' }),
    patterns: { type },
    normalise: meaningsOf(fields, pathMeans),
  })
}

const hitEnvelope = {
  ...head,
  cb_version: 'string?',
  server_name: 'string?',
  highlights_by_doc: maybe(map('json')),
} as const

/** Events that carry the documents which a query found; each document becomes a record, at its own `time`. `around`: further fields of the envelope. */
export function documents<const F extends Fields>(
  name: string,
  description: string,
  fields: F,
  time: keyof F & string,
  around: Fields,
) {
  const envelope = { ...hitEnvelope, ...around }
  return defineSchema({
    name: `carbonblack:${name}`,
    description: `Carbon Black Response: ${description}`,
    parse: json({ path: 'docs[*]', alone: true, envelope: Object.keys(envelope) }),
    fields,
    envelope,
    time,
    patterns: { 'envelope.type': name },
    normalise: meaningsOf(fields),
  })
}

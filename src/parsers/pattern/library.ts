/**
 * Named patterns, for use as `%{NAME}` or `%{NAME:field}`. The first part has the names that grok users know; the
 * definitions are our own, chosen so that they cannot overlap with their surroundings in many ways: safe and fast.
 */
const words: Readonly<Record<string, string>> = {
  DATA: String.raw`.*?`,
  GREEDYDATA: String.raw`.*`,
  NOTSPACE: String.raw`\S+`,
  SPACE: String.raw`\s*`,
  WORD: String.raw`\b\w+\b`,
  INT: String.raw`[+-]?\d+`,
  POSINT: String.raw`\b[1-9]\d*\b`,
  NONNEGINT: String.raw`\b\d+\b`,
  NUMBER: String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`,
  BASE10NUM: '%{NUMBER}',
  BASE16NUM: String.raw`[+-]?(?:0x)?[0-9A-Fa-f]+`,
  UUID: String.raw`[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}`,
  QUOTEDSTRING: String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`,
  QS: '%{QUOTEDSTRING}',
  USERNAME: String.raw`[a-zA-Z0-9._-]+`,
  USER: '%{USERNAME}',
  EMAILADDRESS: String.raw`[a-zA-Z0-9!#$%&'*+./=?^_\x60{|}~-]+@%{HOSTNAME}`,
  IPV4: String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
  IPV6: String.raw`[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*[0-9A-Fa-f:](?:%[0-9A-Za-z]+)?`,
  IP: '(?:%{IPV4}|%{IPV6})',
  HOSTNAME: String.raw`[0-9A-Za-z_](?:[0-9A-Za-z_-]*)(?:\.[0-9A-Za-z_-]+)*\.?`,
  HOST: '%{HOSTNAME}',
  IPORHOST: '(?:%{IP}|%{HOSTNAME})',
  HOSTPORT: '%{IPORHOST}:%{POSINT}',
  MAC: String.raw`(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}`,
  UNIXPATH: String.raw`(?:/[^\s/]*)+`,
  WINPATH: String.raw`(?:[A-Za-z]:|\\)(?:\\[^\\?*]*)+`,
  PATH: '(?:%{UNIXPATH}|%{WINPATH})',
  URIPROTO: String.raw`[A-Za-z][A-Za-z0-9+.-]*`,
  URIHOST: '%{IPORHOST}(?::%{POSINT})?',
  URIPATH: String.raw`/[^\s?#]*`,
  URIPARAM: String.raw`\?[^\s#]*`,
  URIPATHPARAM: '%{URIPATH}(?:%{URIPARAM})?',
  URI: String.raw`%{URIPROTO}://(?:[^\s@/]*@)?[^\s/?#]*(?:%{URIPATHPARAM})?`,
  MONTH: '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*',
  MONTHNUM: '(?:0?[1-9]|1[0-2])',
  MONTHDAY: '(?:0[1-9]|[12][0-9]|3[01]|[1-9])',
  DAY: '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*',
  YEAR: String.raw`\d{4}`,
  HOUR: '(?:2[0-4]|[01]?[0-9])',
  MINUTE: '[0-5][0-9]',
  SECOND: String.raw`(?:[0-5]?[0-9]|60)(?:[:.,]\d+)?`,
  TIME: '%{HOUR}:%{MINUTE}:%{SECOND}',
  ISO8601_TIMEZONE: String.raw`(?:Z|[+-]\d{2}:?\d{2})`,
  TIMESTAMP_ISO8601: '%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:%{MINUTE}(?::%{SECOND})?(?:%{ISO8601_TIMEZONE})?',
  HTTPDATE: String.raw`\d{2}/%{MONTH}/%{YEAR}:\d{2}:\d{2}:\d{2} [+-]\d{4}`,
  SYSLOGTIMESTAMP: '%{MONTH} +%{MONTHDAY} %{TIME}',
  LOGLEVEL:
    '(?:[Tt]race|TRACE|[Dd]ebug|DEBUG|[Nn]otice|NOTICE|[Ii]nfo|INFO|[Ww]arn(?:ing)?|WARN(?:ING)?|[Ee]rr(?:or)?|ERR(?:OR)?|[Cc]rit(?:ical)?|CRIT(?:ICAL)?|[Ff]atal|FATAL|[Aa]lert|ALERT|[Ee]merg(?:ency)?|EMERG(?:ENCY)?)',
  PROG: String.raw`[^\s:[\]]+`,
  SYSLOGPROG: String.raw`%{PROG:program}(?:\[%{POSINT:pid}\])?`,
  SYSLOGHOST: '%{IPORHOST}',
  SYSLOGBASE: '%{SYSLOGTIMESTAMP:timestamp} %{SYSLOGHOST:host} %{SYSLOGPROG}:',
}

/** The inside of a quoted text in which the writer escapes quotes by a backslash. */
const quoted = String.raw`(?:[^"\\]|\\.)*`

/** A request line: three words as it should be, or whatever a client sent. The whole stands in `request` in any case. */
const request = String.raw`"(?<request>(?:(?<method>[A-Z][A-Z_-]*) (?<url>(?:[^"\\ ]|\\.)*)(?: (?<protocol>HTTP/[\d.]+))?)|${quoted})"`

/** Names the words of a line that consists of words. */
const fieldsOf = (...names: readonly string[]) => names.map((name) => String.raw`(?<${name}>\S+)`).join(' ')

/** Whole lines of well-known logs; their fields carry the names that the vendor's page gives them. */
const lines: Readonly<Record<string, string>> = {
  /** https://httpd.apache.org/docs/2.4/logs.html#common */
  COMMONAPACHELOG: String.raw`(?<client>\S+) (?<ident>\S+) (?<user>[^[]*[^[ ]) \[(?<timestamp>[^\]]+)\] ${request} (?<status>\d{3}|-) (?<bytes>\d+|-)`,
  /** https://httpd.apache.org/docs/2.4/logs.html#combined; nginx writes the same. Lines that a writer cut off within the agent are taken. */
  COMBINEDAPACHELOG: String.raw`%{COMMONAPACHELOG} "(?<referer>${quoted})" "(?<agent>${quoted})(?:"(?: (?<rest>.*))?)?`,
  /** https://nginx.org/en/docs/http/ngx_http_log_module.html, format `combined`. */
  NGINX_ACCESS_LOG: '%{COMBINEDAPACHELOG}',
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html; older lines end early, newer ones may go on. */
  S3_ACCESS_LOG:
    String.raw`(?<bucket_owner>\S+) (?<bucket>\S+) \[(?<time>[^\]]+)\] ` +
    fieldsOf('remote_ip', 'requester', 'request_id', 'operation', 'key') +
    String.raw` (?:"(?<request_uri>${quoted})"|-) ` +
    fieldsOf('http_status', 'error_code', 'bytes_sent', 'object_size', 'total_time', 'turn_around_time') +
    String.raw` (?:"(?<referer>${quoted})"|-) (?:"(?<user_agent>${quoted})"|-) (?<version_id>\S+)` +
    String.raw`(?: (?<host_id>\S+) (?<signature_version>\S+) (?<cipher_suite>\S+) (?<authentication_type>\S+) (?<host_header>\S+)` +
    String.raw`(?: (?<tls_version>\S+)(?: (?<access_point_arn>\S+)(?: (?<acl_required>\S+)(?: (?<rest>.*))?)?)?)?)?`,
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html */
  ELB_ACCESS_LOG:
    fieldsOf('time', 'elb', 'client_port', 'backend_port') +
    ` ${fieldsOf('request_processing_time', 'backend_processing_time', 'response_processing_time')}` +
    ` ${fieldsOf('elb_status_code', 'backend_status_code', 'received_bytes', 'sent_bytes')}` +
    String.raw` "(?<request>${quoted})"(?: "(?<user_agent>${quoted})" (?<ssl_cipher>\S+) (?<ssl_protocol>\S+)(?: (?<rest>.*))?)?`,
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
  ALB_ACCESS_LOG:
    fieldsOf('type', 'time', 'elb', 'client_port', 'target_port') +
    ` ${fieldsOf('request_processing_time', 'target_processing_time', 'response_processing_time')}` +
    ` ${fieldsOf('elb_status_code', 'target_status_code', 'received_bytes', 'sent_bytes')}` +
    String.raw` "(?<request>${quoted})" "(?<user_agent>${quoted})" (?<ssl_cipher>\S+) (?<ssl_protocol>\S+) (?<target_group_arn>\S+)` +
    String.raw` "(?<trace_id>${quoted})" "(?<domain_name>${quoted})" "(?<chosen_cert_arn>${quoted})" (?<matched_rule_priority>\S+)` +
    String.raw` (?<request_creation_time>\S+) "(?<actions_executed>${quoted})" "(?<redirect_url>${quoted})" "(?<error_reason>${quoted})"` +
    String.raw`(?: "(?<target_port_list>${quoted})" "(?<target_status_code_list>${quoted})" "(?<classification>${quoted})"` +
    String.raw` "(?<classification_reason>${quoted})"(?: (?<conn_trace_id>\S+)(?: (?<rest>.*))?)?)?`,
  /** Version 2, the default: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html. Other versions have a header: `csv`. */
  VPC_FLOW_LOG:
    fieldsOf('version', 'account_id', 'interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol') +
    ` ${fieldsOf('packets', 'bytes', 'start', 'end', 'action', 'log_status')}`,
}

/** Name → definition; a definition may use other names. */
export const patternLibrary: ReadonlyMap<string, string> = new Map(Object.entries({ ...words, ...lines }))

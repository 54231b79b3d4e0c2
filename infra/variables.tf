# Written by `streamalert build` into streamalert.auto.tfvars.json; docs/deploy-aws.md says how streamalert.yaml maps onto it.

variable "prefix" {
  description = "Begins the name of everything that is made: two deployments in one account have two prefixes."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.prefix))
    error_message = "A prefix has 3 to 20 lower case letters, digits and dashes."
  }
}

variable "region" {
  description = "Region of everything."
  type        = string
}

variable "tags" {
  description = "Tags on everything."
  type        = map(string)
  default     = {}
}

variable "packages" {
  description = "Files of the functions' code, each a zip. Functions without one are not made: api, and compact, without which no segments are kept."
  type        = object({ ingest = string, dispatch = string, compact = optional(string), api = optional(string) })
}

variable "clusters" {
  description = "Environments that logs come from. Each has functions, queues, streams and roles of its own."
  type = map(object({
    memory_mb       = optional(number, 1024)
    timeout_seconds = optional(number, 300)
    # Invocations at the same time at most; the rest waits in queues and streams.
    concurrency = optional(number, 20)
    # Where the functions reach the network from; without: from AWS's own.
    vpc = optional(object({ subnet_ids = list(string), security_group_ids = list(string) }))
    # Streams to make: name -> hours that records are kept.
    streams = optional(map(object({ retention_hours = optional(number, 24) })), {})
    # Streams that are there.
    existing_streams = optional(map(object({ arn = string, key_arn = optional(string) })), {})
    # Buckets to make; objects written there are read. `services`: those of AWS that write there, such as cloudtrail.amazonaws.com.
    buckets = optional(map(object({ retention_days = optional(number, 365), services = optional(list(string), []) })), {})
    # Buckets that are there. Their notifications are theirs: point them at the cluster's queue (output `queues`), or name the topic
    # that they announce objects on already.
    existing_buckets = optional(map(object({
      arn       = string
      prefix    = optional(string, "")
      key_arn   = optional(string)
      topic_arn = optional(string)
    })), {})
    # Queues and topics that are there and carry records themselves.
    existing_queues = optional(map(object({ arn = string, key_arn = optional(string) })), {})
    existing_topics = optional(map(object({ arn = string })), {})
    # Log groups to subscribe to: name -> filter pattern.
    log_groups = optional(map(string), {})
    # Events of the account's bus in EventBridge: name -> pattern, as JSON.
    event_rules = optional(map(string), {})
    # Accounts that may write into the cluster's streams and buckets.
    writer_accounts = optional(list(string), [])
    # An address for HTTP sources; callers sign with IAM, unless `http_secrets` are there: then the function itself lets in who brings a token
    # or signs with a key. These are the names of the secrets that hold tokens and keys.
    http         = optional(bool, false)
    http_secrets = optional(list(string))
  }))

  validation {
    condition     = length(var.clusters) > 0 && alltrue([for name in keys(var.clusters) : can(regex("^[a-z0-9][a-z0-9-]{0,15}$", name))])
    error_message = "Clusters are named by up to 16 lower case letters, digits and dashes, and there is at least one."
  }
}

variable "outputs" {
  description = "What alerts are sent to, as far as it lies in AWS, and the secrets that outputs need."
  type = object({
    secrets        = optional(list(string), [])
    topics         = optional(list(string), [])
    queues         = optional(list(string), [])
    functions      = optional(list(string), [])
    buckets        = optional(list(string), [])
    firehoses      = optional(list(string), [])
    log_groups     = optional(list(string), [])
    ses_identities = optional(list(string), [])
    key_arns       = optional(list(string), [])
    # Keys of topics and queues that are sent to.
    sent_key_arns = optional(list(string), [])
    # Roles that outputs take on first; what they reach is theirs to allow.
    roles = optional(list(string), [])
  })
  default = {}
}

variable "history" {
  description = "How long what is kept is kept, in days; and whether records are kept at all."
  type = object({
    records_days    = optional(number, 0)
    alerts_days     = optional(number, 90)
    quarantine_days = optional(number, 30)
    # Bytes that one query may read.
    query_limit_gb = optional(number, 100)
    # Functions that make Parquet of segments; one takes about a terabyte a day.
    compactors = optional(number, 1)
    # What makes tables of records: segments and the function compact, or firehose.
    writer = optional(string, "segments")
  })
  default = {}

  validation {
    condition     = contains(["segments", "firehose"], var.history.writer)
    error_message = "The writer of history is segments or firehose."
  }
}

variable "tables" {
  description = "Log type -> columns of its table (name and Athena type), written by `streamalert build` from the schemas."
  type        = map(list(object({ name = string, type = string })))
  default     = {}
}

variable "alarms" {
  description = "Who hears of trouble, and from when on it is trouble."
  type = object({
    topic_arn            = optional(string)
    email                = optional(string)
    iterator_age_minutes = optional(number, 15)
    queue_age_minutes    = optional(number, 15)
    # Records that nothing understood, within a quarter of an hour.
    quarantined = optional(number, 0)
    # A source without any record for so long; 0: never.
    silent_hours = optional(number, 24)
  })
  default = {}
}

variable "api" {
  description = "Who may call the api: ARNs of roles and users, or accounts, whose own policies then say who; and whether someone may try again what failed."
  type        = object({ callers = optional(list(string), []), retries = optional(bool, false) })
  default     = {}
}

variable "log_days" {
  description = "Days that the logs of functions are kept; CloudWatch knows some numbers only."
  type        = number
  default     = 90
}

variable "deletion_protection" {
  description = "Data outlives `destroy`: tables are protected, buckets that hold something are kept."
  type        = bool
  default     = true
}

variable "reserve_concurrency" {
  description = "Each function has its part of the account's quota for itself. False: they share it, for accounts whose quota is too small."
  type        = bool
  default     = true
}

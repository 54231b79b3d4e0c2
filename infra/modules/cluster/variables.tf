variable "prefix" { type = string }
variable "name" { type = string }
variable "packages" { type = object({ ingest = string, dispatch = string }) }
variable "data_key_arn" { type = string }
variable "secrets_key_arn" { type = string }
variable "ingest_secrets_key_arn" {
  description = "Key of the secrets by which the function that reads knows senders; null: there are none."
  type        = string
}
variable "log_bucket" { type = string }
variable "keep" { type = bool }
variable "reserve" { type = bool }
variable "log_days" { type = number }
variable "retries" {
  description = "What is in quarantine may be tried again."
  type        = bool
}

variable "settings" {
  description = "As in the root module's `clusters`."
  type = object({
    memory_mb        = number
    timeout_seconds  = number
    concurrency      = number
    vpc              = optional(object({ subnet_ids = list(string), security_group_ids = list(string) }))
    streams          = map(object({ retention_hours = number }))
    existing_streams = map(object({ arn = string, key_arn = optional(string) }))
    buckets          = map(object({ retention_days = number, services = list(string) }))
    existing_buckets = map(object({ arn = string, prefix = string, key_arn = optional(string), topic_arn = optional(string) }))
    existing_queues  = map(object({ arn = string, key_arn = optional(string) }))
    existing_topics  = map(object({ arn = string }))
    log_groups       = map(string)
    event_rules      = map(string)
    writer_accounts  = list(string)
    http             = bool
    http_secrets     = optional(list(string))
  })
}

variable "outputs" {
  type = object({
    secrets        = list(string)
    topics         = list(string)
    queues         = list(string)
    functions      = list(string)
    buckets        = list(string)
    firehoses      = list(string)
    log_groups     = list(string)
    ses_identities = list(string)
    key_arns       = list(string)
    sent_key_arns  = list(string)
    roles          = list(string)
  })
}

variable "lake" {
  description = "Where quarantine and records go: the bucket's name and ARN, and whether records go by Firehose."
  type        = object({ name = string, arn = string, records = bool, firehose = bool })
}

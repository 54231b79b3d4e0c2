data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  ingest_secrets = sort(distinct(flatten([for cluster in var.clusters : coalesce(cluster.http_secrets, [])])))
  account        = data.aws_caller_identity.current.account_id
  partition      = data.aws_partition.current.partition
  log_bucket     = "${var.prefix}-access-logs-${local.account}"
}

locals {
  firehose = var.history.writer == "firehose" && var.history.records_days > 0
}

# --- Keys: one for data, one for the secrets of outputs ---

locals {
  topics = distinct(flatten([for cluster in var.clusters : concat(
    [for topic in cluster.existing_topics : topic.arn],
    [for bucket in cluster.existing_buckets : bucket.topic_arn if bucket.topic_arn != null],
  )]))
  buckets = distinct(flatten([for name, cluster in var.clusters : concat(
    [for bucket in keys(cluster.buckets) : "arn:${local.partition}:s3:::${var.prefix}-${name}-${bucket}-${local.account}"],
    [for bucket in cluster.existing_buckets : bucket.arn if bucket.topic_arn == null],
    # Where Lambda keeps what it gives up.
    length(cluster.streams) + length(cluster.existing_streams) + length(cluster.log_groups) + length(cluster.event_rules) > 0 ? ["arn:${local.partition}:s3:::${var.prefix}-${name}-failed-${local.account}"] : [],
  )]))
}

module "data_key" {
  source     = "./modules/key"
  name       = "${var.prefix}-data"
  purpose    = "logs, alerts and what is kept of them"
  via        = concat(["athena", "dynamodb", "kinesis", "lambda", "s3", "sns", "sqs"], local.firehose ? ["firehose"] : [])
  log_groups = [for of in local.firehose ? ["lambda", "kinesisfirehose"] : ["lambda"] : "/aws/${of}/${var.prefix}-"]
  services = {
    "cloudwatch.amazonaws.com" = ["arn:${local.partition}:cloudwatch:${var.region}:${local.account}:alarm:${var.prefix}-*"]
    "s3.amazonaws.com"         = local.buckets
    "sns.amazonaws.com"        = local.topics
  }
  writers = { for name, cluster in var.clusters : name => {
    accounts = cluster.writer_accounts
    streams  = [for stream in keys(cluster.streams) : "arn:${local.partition}:kinesis:${var.region}:${local.account}:stream/${var.prefix}-${name}-${stream}"]
    buckets  = [for bucket in keys(cluster.buckets) : "arn:${local.partition}:s3:::${var.prefix}-${name}-${bucket}-${local.account}"]
  } }
  deliveries = merge([for name, cluster in var.clusters : { for bucket, settings in cluster.buckets : "${name}-${bucket}" => {
    services = settings.services
    accounts = concat([local.account], cluster.writer_accounts)
    bucket   = "arn:${local.partition}:s3:::${var.prefix}-${name}-${bucket}-${local.account}"
  } if length(settings.services) > 0 }]...)
}

module "secrets" {
  source  = "./modules/secrets"
  keep    = var.deletion_protection
  prefix  = var.prefix
  names   = var.outputs.secrets
  readers = [for name in keys(var.clusters) : "${var.prefix}-${name}-dispatch"]
}

# Tokens and keys of senders that cannot sign with IAM: for the functions that read, and for no other.
module "ingest_secrets" {
  count   = length(local.ingest_secrets) > 0 ? 1 : 0
  source  = "./modules/secrets"
  keep    = var.deletion_protection
  prefix  = var.prefix
  part    = "ingest"
  names   = local.ingest_secrets
  readers = [for name, cluster in var.clusters : "${var.prefix}-${name}-ingest" if length(coalesce(cluster.http_secrets, [])) > 0]
}

# --- Who read which object: kept for a year. S3 delivers such logs only where it encrypts by its own key. ---

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "Delivery"
    actions   = ["s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.log_bucket}/*"]
    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

module "access_logs" {
  source         = "./modules/bucket"
  name           = local.log_bucket
  key_arn        = null
  keep           = var.deletion_protection
  retention_days = 365
  policy_json    = [data.aws_iam_policy_document.access_logs.json]
}

# --- History ---

module "lake" {
  source     = "./modules/lake"
  prefix     = var.prefix
  package    = var.packages.compact
  key_arn    = module.data_key.arn
  log_bucket = module.access_logs.name
  keep       = var.deletion_protection
  clusters   = sort(keys(var.clusters))
  tables     = var.tables
  history    = var.history
  reserve    = var.reserve_concurrency
  log_days   = var.log_days
}

module "firehose" {
  source   = "./modules/firehose"
  for_each = local.firehose ? var.clusters : {}

  name     = "${var.prefix}-${each.key}"
  cluster  = each.key
  log_days = var.log_days
  key_arn  = module.data_key.arn
  lake     = module.lake.bucket
  database = module.lake.database
  tables   = module.lake.tables
}

# --- Environments ---

module "cluster" {
  source   = "./modules/cluster"
  for_each = var.clusters

  prefix          = var.prefix
  name            = each.key
  packages        = { ingest = var.packages.ingest, dispatch = var.packages.dispatch }
  settings        = each.value
  outputs         = var.outputs
  data_key_arn    = module.data_key.arn
  secrets_key_arn = module.secrets.key_arn
  log_bucket      = module.access_logs.name

  ingest_secrets_key_arn = one(module.ingest_secrets[*].key_arn)
  keep                   = var.deletion_protection
  reserve                = var.reserve_concurrency
  log_days               = var.log_days
  lake                   = module.lake.bucket
  retries                = var.packages.api != null && var.api.retries
}

# --- api: what `streamalert status --aws` and its like ask. Only where somebody may. ---

module "api" {
  count    = var.packages.api == null ? 0 : 1
  source   = "./modules/api"
  reserve  = var.reserve_concurrency
  log_days = var.log_days
  prefix   = var.prefix
  package  = var.packages.api
  key_arn  = module.data_key.arn
  lake     = module.lake.bucket
  callers  = var.api.callers
  retries  = var.api.retries
  clusters = { for name, cluster in module.cluster : name => { table_arn = cluster.table_arn, ingest_arn = cluster.ingest_arn } }
}

# --- Alarms ---

module "monitoring" {
  source    = "./modules/monitoring"
  prefix    = var.prefix
  key_arn   = module.data_key.arn
  alarms    = var.alarms
  clusters  = { for name, cluster in module.cluster : name => cluster.watched }
  functions = concat(module.api[*].name, module.lake.functions)
  records   = module.lake.bucket.records
  firehoses = { for name, firehose in module.firehose : name => firehose.watched }
}

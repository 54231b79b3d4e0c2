# One environment: where its logs come in, the function that reads them, and its alerts. Nothing of it reaches another cluster.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  name      = "${var.prefix}-${var.name}"
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  writers   = [for account in var.settings.writer_accounts : "arn:${local.partition}:iam::${account}:root"]

  # ARNs from names: known before anything is made.
  at            = "${local.region}:${local.account}"
  stream_arns   = { for name in keys(var.settings.streams) : name => "arn:${local.partition}:kinesis:${local.at}:stream/${local.name}-${name}" }
  bucket_names  = { for name in keys(var.settings.buckets) : name => "${local.name}-${name}-${local.account}" }
  bucket_arns   = { for name, bucket in local.bucket_names : name => "arn:${local.partition}:s3:::${bucket}" }
  bucket_topics = [for bucket in var.settings.existing_buckets : bucket.topic_arn if bucket.topic_arn != null]

  foreign_keys = distinct(compact(concat(
    [for stream in var.settings.existing_streams : stream.key_arn],
    [for bucket in var.settings.existing_buckets : bucket.key_arn],
    [for queue in var.settings.existing_queues : queue.key_arn],
  )))

  http_secrets = coalesce(var.settings.http_secrets, [])

  is_pushed   = length(var.settings.log_groups) + length(var.settings.event_rules) > 0
  is_given_up = local.is_pushed || length(var.settings.streams) + length(var.settings.existing_streams) > 0
  failed_name = "${local.name}-failed-${local.account}"
  failed_arn  = "arn:${local.partition}:s3:::${local.failed_name}"

  environment = {
    STREAMALERT_CLUSTER = var.name
    STREAMALERT_LAKE    = var.lake.name
    STREAMALERT_PREFIX  = var.prefix
  }
}

# --- ingest: reads, classifies, runs rules, stores ---

data "aws_iam_policy_document" "ingest" {
  statement {
    sid       = "State"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = [module.alerts.table.arn]
  }

  statement {
    sid       = "Queues"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = concat([module.queue.arn], [for queue in var.settings.existing_queues : queue.arn])
  }

  # What is left of an object that is too large for one invocation.
  statement {
    sid       = "HandOn"
    actions   = ["sqs:SendMessage"]
    resources = [module.queue.arn]
  }

  # Lambda writes what it gives up with this role, for which it wants the whole bucket; the function reads it again.
  dynamic "statement" {
    for_each = local.is_given_up ? [1] : []
    content {
      sid       = "WhatFailed"
      actions   = ["s3:GetObjectVersion", "s3:PutObject"]
      resources = ["${local.failed_arn}/*"]
    }
  }

  dynamic "statement" {
    for_each = local.is_given_up ? [1] : []
    content {
      sid       = "WhereItFailed"
      actions   = ["s3:ListBucket"]
      resources = [local.failed_arn]
    }
  }

  dynamic "statement" {
    for_each = length(var.settings.streams) + length(var.settings.existing_streams) > 0 ? [1] : []
    content {
      sid       = "Streams"
      actions   = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
      resources = concat(values(local.stream_arns), [for stream in var.settings.existing_streams : stream.arn])
    }
  }

  # Buckets that keep versions announce them.
  dynamic "statement" {
    for_each = length(var.settings.buckets) + length(var.settings.existing_buckets) > 0 ? [1] : []
    content {
      sid       = "Objects"
      actions   = ["s3:GetObject", "s3:GetObjectVersion"]
      resources = concat([for arn in values(local.bucket_arns) : "${arn}/*"], [for bucket in var.settings.existing_buckets : "${bucket.arn}/${bucket.prefix}*"])
    }
  }

  # Without it an object that is gone looks like one that may not be read.
  dynamic "statement" {
    for_each = length(var.settings.buckets) + length(var.settings.existing_buckets) > 0 ? [1] : []
    content {
      sid       = "ObjectsThatAreGone"
      actions   = ["s3:ListBucket"]
      resources = concat(values(local.bucket_arns), [for bucket in var.settings.existing_buckets : bucket.arn])
    }
  }

  statement {
    sid       = "Lake"
    actions   = ["s3:PutObject"]
    resources = concat(["${var.lake.arn}/quarantine/${var.name}/*", "${var.lake.arn}/large/${var.name}/*"], var.lake.records ? ["${var.lake.arn}/${var.lake.firehose ? "aside" : "segments"}/${var.name}/*"] : [])
  }

  # The delivery streams of this cluster: neither prefix nor cluster has a dot. There may be more than a policy could name one by one.
  dynamic "statement" {
    for_each = var.lake.firehose ? [1] : []
    content {
      sid       = "Rows"
      actions   = ["firehose:PutRecordBatch"]
      resources = ["arn:${local.partition}:firehose:${local.at}:deliverystream/${local.name}.*"]
    }
  }

  # Thresholds count hits whose records may be large.
  statement {
    sid       = "LargeRecords"
    actions   = ["s3:GetObject"]
    resources = concat(["${var.lake.arn}/large/${var.name}/*"], var.retries ? ["${var.lake.arn}/quarantine/${var.name}/*"] : [])
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.data_key_arn]
  }

  # Tokens and keys of senders that cannot sign with IAM.
  dynamic "statement" {
    for_each = length(local.http_secrets) > 0 ? [1] : []
    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [for name in local.http_secrets : "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.prefix}/ingest/${name}-??????"]
    }
  }

  dynamic "statement" {
    for_each = length(local.http_secrets) > 0 ? [1] : []
    content {
      sid       = "KeyOfSecrets"
      actions   = ["kms:Decrypt"]
      resources = [var.ingest_secrets_key_arn]
    }
  }

  dynamic "statement" {
    for_each = length(local.foreign_keys) > 0 ? [1] : []
    content {
      sid       = "KeysOfOthers"
      actions   = ["kms:Decrypt"]
      resources = local.foreign_keys
    }
  }
}

module "ingest" {
  source          = "../function"
  name            = "${local.name}-ingest"
  description     = "StreamAlert: reads the logs of ${var.name} and runs the rules."
  package         = var.packages.ingest
  key_arn         = var.data_key_arn
  memory_mb       = var.settings.memory_mb
  timeout_seconds = var.settings.timeout_seconds
  concurrency     = var.settings.concurrency
  reserve         = var.reserve
  log_days        = var.log_days
  vpc             = var.settings.vpc
  environment     = merge(local.environment, { STREAMALERT_TABLE = module.alerts.table.name, STREAMALERT_QUEUE = module.queue.url }, local.is_given_up ? { STREAMALERT_FAILED = local.failed_name } : {})
  policy_json     = [data.aws_iam_policy_document.ingest.json]
}

# Rules over alerts are handed what the last minute brought, by whatever way it came.
module "alerts_schedule" {
  source        = "../schedule"
  name          = "${local.name}-alerts"
  role_name     = "${local.name}-alerts"
  expression    = "rate(1 minute)"
  function_name = module.ingest.name
}

# A large object is read by one invocation after another, each woken by a message of the one before. Lambda would take that for a loop after
# sixteen of them, and give the rest up; the function itself counts, and stops when it does not get on.
resource "aws_lambda_function_recursion_config" "ingest" {
  function_name  = module.ingest.name
  recursive_loop = "Allow"
}

# --- What it sends ---

module "alerts" {
  source          = "../alerts"
  prefix          = var.prefix
  cluster         = var.name
  package         = var.packages.dispatch
  data_key_arn    = var.data_key_arn
  secrets_key_arn = var.secrets_key_arn
  keep            = var.keep
  reserve         = var.reserve
  log_days        = var.log_days
  environment     = local.environment
  lake_arn        = var.lake.arn
  vpc             = var.settings.vpc
  outputs         = var.outputs
}

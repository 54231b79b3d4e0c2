# One environment: where its logs come in, the function that reads them, what it keeps, and the function that sends its alerts. Nothing
# of it reaches another cluster.

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
  table_arn     = "arn:${local.partition}:dynamodb:${local.at}:table/${local.name}-state"
  secret_arns   = [for name in var.outputs.secrets : "arn:${local.partition}:secretsmanager:${local.at}:secret:${var.prefix}/outputs/${name}-??????"]

  foreign_keys = distinct(compact(concat(
    [for stream in var.settings.existing_streams : stream.key_arn],
    [for bucket in var.settings.existing_buckets : bucket.key_arn],
    [for queue in var.settings.existing_queues : queue.key_arn],
  )))

  is_pushed = length(var.settings.log_groups) + length(var.settings.event_rules) > 0

  environment = {
    STREAMALERT_CLUSTER = var.name
    STREAMALERT_TABLE   = aws_dynamodb_table.state.name
    STREAMALERT_LAKE    = var.lake.name
    STREAMALERT_PREFIX  = var.prefix
  }
}

# --- ingest: reads, classifies, runs rules, stores ---

data "aws_iam_policy_document" "ingest" {
  statement {
    sid       = "State"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = [local.table_arn]
  }

  statement {
    sid       = "Queues"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = concat([module.queue.arn], [for queue in var.settings.existing_queues : queue.arn])
  }

  dynamic "statement" {
    for_each = length(var.settings.streams) + length(var.settings.existing_streams) > 0 || local.is_pushed ? [1] : []
    content {
      sid       = "WhatFailed"
      actions   = ["sqs:SendMessage"]
      resources = [module.queue.failed_arn]
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
    resources = concat(["${var.lake.arn}/quarantine/${var.name}/*", "${var.lake.arn}/large/${var.name}/*"], var.lake.records ? ["${var.lake.arn}/segments/${var.name}/*"] : [])
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
  environment     = local.environment
  policy_json     = [data.aws_iam_policy_document.ingest.json]
}

# --- dispatch: sends alerts, closes windows, tries again ---

data "aws_iam_policy_document" "dispatch" {
  statement {
    sid       = "State"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = [local.table_arn]
  }

  statement {
    sid       = "WhatIsDue"
    actions   = ["dynamodb:Query"]
    resources = ["${local.table_arn}/index/due"]
  }

  statement {
    sid       = "Changes"
    actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    resources = ["${local.table_arn}/stream/*"]
  }

  # AWS offers nothing narrower for this action.
  statement {
    sid       = "StreamsOfTables"
    actions   = ["dynamodb:ListStreams"]
    resources = ["*"]
  }

  statement {
    sid       = "LargeRecords"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.lake.arn}/large/${var.name}/*"]
  }

  dynamic "statement" {
    for_each = length(local.secret_arns) > 0 ? [1] : []
    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = local.secret_arns
    }
  }

  dynamic "statement" {
    for_each = { for action, arns in {
      "sns:Publish"           = var.outputs.topics
      "sqs:SendMessage"       = var.outputs.queues
      "s3:PutObject"          = [for arn in var.outputs.buckets : "${arn}/*"]
      "firehose:PutRecord"    = var.outputs.firehoses
      "logs:PutLogEvents"     = [for arn in var.outputs.log_groups : "${arn}:*"]
      "ses:SendRawEmail"      = var.outputs.ses_identities
      "lambda:InvokeFunction" = var.outputs.functions
      "sts:AssumeRole"        = var.outputs.roles
    } : action => arns if length(arns) > 0 }
    content {
      sid       = "Output${replace(title(replace(statement.key, ":", " ")), " ", "")}"
      actions   = statement.key == "logs:PutLogEvents" ? ["logs:CreateLogStream", "logs:PutLogEvents"] : statement.key == "lambda:InvokeFunction" ? ["lambda:InvokeFunction"] : [statement.key]
      resources = statement.value
    }
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.data_key_arn]
  }

  dynamic "statement" {
    for_each = length(local.secret_arns) > 0 ? [1] : []
    content {
      sid       = "KeyOfSecrets"
      actions   = ["kms:Decrypt"]
      resources = [var.secrets_key_arn]
    }
  }

  # Of objects that an output writes.
  dynamic "statement" {
    for_each = length(var.outputs.key_arns) > 0 ? [1] : []
    content {
      sid       = "KeysOfOutputs"
      actions   = ["kms:GenerateDataKey"]
      resources = var.outputs.key_arns
    }
  }
}

module "dispatch" {
  source          = "../function"
  name            = "${local.name}-dispatch"
  description     = "StreamAlert: sends the alerts of ${var.name}."
  package         = var.packages.dispatch
  key_arn         = var.data_key_arn
  memory_mb       = 512
  timeout_seconds = 120
  # One that the table wakes, one that the clock wakes; leases keep them apart.
  concurrency = 4
  environment = local.environment
  policy_json = [data.aws_iam_policy_document.dispatch.json]
}

resource "aws_lambda_event_source_mapping" "alerts" {
  event_source_arn                   = aws_dynamodb_table.state.stream_arn
  function_name                      = module.dispatch.arn
  starting_position                  = "LATEST"
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 1
  maximum_retry_attempts             = 3
  maximum_record_age_in_seconds      = 3600

  # Only what asks for a delivery wakes it: what it writes itself does not.
  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["INSERT"], dynamodb = { Keys = { sk = { S = [{ prefix = "delivery#" }] } } } })
    }
  }
}

# Windows close and failed deliveries come due without anybody writing to the table.
module "schedule" {
  source        = "../schedule"
  name          = "${local.name}-dispatch"
  role_name     = "${local.name}-schedule"
  expression    = "rate(1 minute)"
  function_name = module.dispatch.name
}

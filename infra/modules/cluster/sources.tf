# --- Streams ---

resource "aws_kinesis_stream" "this" {
  for_each = var.settings.streams

  name             = "${local.name}-${each.key}"
  retention_period = each.value.retention_hours
  encryption_type  = "KMS"
  kms_key_id       = var.data_key_arn

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

data "aws_iam_policy_document" "stream" {
  for_each = length(var.settings.writer_accounts) > 0 ? local.stream_arns : {}

  statement {
    sid       = "OtherAccountsWrite"
    actions   = ["kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords"]
    resources = [each.value]
    principals {
      type        = "AWS"
      identifiers = local.writers
    }
  }
}

resource "aws_kinesis_resource_policy" "this" {
  for_each = data.aws_iam_policy_document.stream

  resource_arn = aws_kinesis_stream.this[each.key].arn
  policy       = each.value.json
}

module "stream" {
  source   = "../stream-reader"
  for_each = aws_kinesis_stream.this

  stream_arn   = each.value.arn
  function_arn = module.ingest.arn
  failed_arn   = local.kept_arn
}

# --- What Lambda gives up, of streams and of what it was called with: kept whole, and announced like any object, so that it is read again ---

module "failed" {
  source = "../bucket"
  count  = local.is_given_up ? 1 : 0

  name           = local.failed_name
  key_arn        = var.data_key_arn
  logs           = { bucket = var.log_bucket }
  retention_days = 30
  keep           = var.keep
}

resource "aws_s3_bucket_notification" "failed" {
  count = local.is_given_up ? 1 : 0

  bucket = module.failed[0].name
  queue {
    queue_arn = module.queue.arn
    events    = ["s3:ObjectCreated:*"]
  }

  depends_on = [module.queue]
}

locals {
  # By the bucket itself: it has to be there.
  kept_arn = local.is_given_up ? "arn:${local.partition}:s3:::${module.failed[0].name}" : null
}

# --- Buckets, and the queue they announce their objects in ---

module "queue" {
  source             = "../queue"
  name               = "${local.name}-objects"
  key_arn            = var.data_key_arn
  visibility_seconds = var.settings.timeout_seconds * 6
  bucket_arns        = concat(values(local.bucket_arns), local.is_given_up ? [local.failed_arn] : [], [for bucket in var.settings.existing_buckets : bucket.arn if bucket.topic_arn == null])
  topic_arns         = concat([for topic in var.settings.existing_topics : topic.arn], local.bucket_topics)
}

module "bucket" {
  source   = "../bucket"
  for_each = var.settings.buckets

  name           = local.bucket_names[each.key]
  key_arn        = var.data_key_arn
  logs           = { bucket = var.log_bucket }
  retention_days = each.value.retention_days
  keep           = var.keep
  policy_json    = length(local.writers) + length(each.value.services) > 0 ? [data.aws_iam_policy_document.bucket_writers[each.key].json] : []
}

data "aws_iam_policy_document" "bucket_writers" {
  for_each = var.settings.buckets

  dynamic "statement" {
    for_each = length(local.writers) > 0 ? [1] : []
    content {
      sid       = "OtherAccountsWrite"
      actions   = ["s3:PutObject"]
      resources = ["${local.bucket_arns[each.key]}/*"]
      principals {
        type        = "AWS"
        identifiers = local.writers
      }
    }
  }

  # In the name of this account and of those that may write. Some look at the bucket's grants before.
  dynamic "statement" {
    for_each = length(each.value.services) > 0 ? { ServicesWrite = ["s3:PutObject", "/*"], ServicesLook = ["s3:GetBucketAcl", ""] } : {}
    content {
      sid       = statement.key
      actions   = [statement.value[0]]
      resources = ["${local.bucket_arns[each.key]}${statement.value[1]}"]
      principals {
        type        = "Service"
        identifiers = each.value.services
      }
      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = concat([local.account], var.settings.writer_accounts)
      }
    }
  }
}

resource "aws_s3_bucket_notification" "this" {
  for_each = module.bucket

  bucket = each.value.name
  queue {
    queue_arn = module.queue.arn
    events    = ["s3:ObjectCreated:*"]
  }

  depends_on = [module.queue]
}

resource "aws_lambda_event_source_mapping" "objects" {
  event_source_arn                   = module.queue.arn
  function_name                      = module.ingest.arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = local.pollers
  }
}

# --- What is there already ---

locals {
  # Two invocations stay for streams and for what calls the function itself.
  pollers = min(1000, max(2, var.settings.concurrency - 2))
}

module "network" {
  source        = "../network"
  name          = local.name
  function_name = module.ingest.name
  function_arn  = module.ingest.arn
  queue_arn     = module.queue.arn
  failed_arn    = local.kept_arn
  concurrency   = local.pollers
  streams       = { for name, stream in var.settings.existing_streams : name => stream.arn }
  queues        = { for name, queue in var.settings.existing_queues : name => queue.arn }
  topics = merge(
    { for name, topic in var.settings.existing_topics : "topic-${name}" => topic.arn },
    { for name, bucket in var.settings.existing_buckets : "bucket-${name}" => bucket.topic_arn if bucket.topic_arn != null },
  )
  log_groups  = var.settings.log_groups
  event_rules = var.settings.event_rules
}

# What is called without waiting for the answer (log groups, events) is kept where the function fails, as what streams hold is.
resource "aws_lambda_function_event_invoke_config" "ingest" {
  count = local.is_pushed ? 1 : 0

  function_name                = module.ingest.name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = local.kept_arn
    }
  }
}

# --- HTTP ---

resource "aws_lambda_function_url" "this" {
  count = var.settings.http ? 1 : 0

  function_name      = module.ingest.name
  authorization_type = var.settings.http_secrets == null ? "AWS_IAM" : "NONE"
}

# For senders that cannot sign: the function turns away whoever brings no token and no signature.
# Both are asked for since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
resource "aws_lambda_permission" "url" {
  count = var.settings.http && var.settings.http_secrets != null ? 1 : 0

  statement_id           = "url"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = module.ingest.name
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "url_invoke" {
  count = var.settings.http && var.settings.http_secrets != null ? 1 : 0

  statement_id             = "url-invoke"
  action                   = "lambda:InvokeFunction"
  function_name            = module.ingest.name
  principal                = "*"
  invoked_via_function_url = true
}

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

resource "aws_lambda_event_source_mapping" "stream" {
  for_each = merge(local.stream_arns, { for name, stream in var.settings.existing_streams : "existing-${name}" => stream.arn })

  event_source_arn                   = each.value
  function_name                      = module.ingest.arn
  starting_position                  = "TRIM_HORIZON"
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 1
  parallelization_factor             = 2
  bisect_batch_on_function_error     = true
  maximum_retry_attempts             = 100
  function_response_types            = ["ReportBatchItemFailures"]

  destination_config {
    on_failure {
      destination_arn = module.queue.failed_arn
    }
  }

  depends_on = [aws_kinesis_stream.this]
}

# --- Buckets, and the queue they announce their objects in ---

module "queue" {
  source             = "../queue"
  name               = "${local.name}-objects"
  key_arn            = var.data_key_arn
  visibility_seconds = var.settings.timeout_seconds * 6
  bucket_arns        = concat(values(local.bucket_arns), [for bucket in var.settings.existing_buckets : bucket.arn if bucket.topic_arn == null])
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
  policy_json    = length(var.settings.writer_accounts) > 0 ? [data.aws_iam_policy_document.bucket_writers[each.key].json] : []
}

data "aws_iam_policy_document" "bucket_writers" {
  for_each = length(var.settings.writer_accounts) > 0 ? local.bucket_arns : {}

  statement {
    sid       = "OtherAccountsWrite"
    actions   = ["s3:PutObject"]
    resources = ["${each.value}/*"]
    principals {
      type        = "AWS"
      identifiers = local.writers
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

# Topics that are there, whether they carry records or announce objects: attached, nothing of theirs is replaced.
resource "aws_sns_topic_subscription" "this" {
  for_each = merge(
    { for name, topic in var.settings.existing_topics : "topic-${name}" => topic.arn },
    { for name, bucket in var.settings.existing_buckets : "bucket-${name}" => bucket.topic_arn if bucket.topic_arn != null },
  )

  topic_arn = each.value
  protocol  = "sqs"
  endpoint  = module.queue.arn
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = merge({ objects = module.queue.arn }, { for name, queue in var.settings.existing_queues : "existing-${name}" => queue.arn })

  event_source_arn                   = each.value
  function_name                      = module.ingest.arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = max(2, var.settings.concurrency - 2)
  }
}

# --- Log groups ---

resource "aws_cloudwatch_log_subscription_filter" "this" {
  for_each = var.settings.log_groups

  name            = local.name
  log_group_name  = each.key
  filter_pattern  = each.value
  destination_arn = module.ingest.arn

  depends_on = [aws_lambda_permission.log_group]
}

resource "aws_lambda_permission" "log_group" {
  for_each = var.settings.log_groups

  statement_id   = "logs-${substr(sha256(each.key), 0, 16)}"
  action         = "lambda:InvokeFunction"
  function_name  = module.ingest.name
  principal      = "logs.amazonaws.com"
  source_account = local.account
  source_arn     = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${each.key}:*"
}

# --- HTTP ---

resource "aws_lambda_function_url" "this" {
  count = var.settings.http ? 1 : 0

  function_name      = module.ingest.name
  authorization_type = "AWS_IAM"
}

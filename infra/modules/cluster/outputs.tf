output "queue_url" { value = module.queue.url }
output "queue_arn" { value = module.queue.arn }
output "stream_arns" { value = { for name, stream in aws_kinesis_stream.this : name => stream.arn } }
output "bucket_names" { value = { for name, bucket in module.bucket : name => bucket.name } }
output "table_arn" { value = module.alerts.table.arn }
output "ingest_arn" { value = "arn:${local.partition}:lambda:${local.at}:function:${local.name}-ingest" }
output "table_name" { value = module.alerts.table.name }
output "http_url" { value = var.settings.http ? aws_lambda_function_url.this[0].function_url : null }

locals {
  # AWS counts where a resource lies.
  here = "${local.region}:${local.account}"
  seen = { for name, arn in merge(
    { for name, stream in var.settings.existing_streams : "stream ${name}" => stream.arn },
    { for name, queue in var.settings.existing_queues : "queue ${name}" => queue.arn },
    { for name, topic in var.settings.existing_topics : "topic ${name}" => topic.arn },
    { for name, bucket in var.settings.existing_buckets : "topic of ${name}" => bucket.topic_arn if bucket.topic_arn != null },
  ) : name => element(split("/", element(split(":", arn), -1)), -1) if strcontains(arn, ":${local.here}:") }
  announced = length(var.settings.buckets) + length([for bucket in var.settings.existing_buckets : bucket if bucket.topic_arn == null]) > 0
}

output "watched" {
  description = "What alarms look at."
  value = {
    functions = [module.ingest.name, module.alerts.function_name]
    failed    = module.queue.failed_name
    queue     = module.queue.name
    streams   = [for stream in aws_kinesis_stream.this : stream.name]
    # Lambda keeps what the first function failed at.
    is_given_up = local.is_given_up
    # Sources, and the number by which AWS tells that something came.
    sources = concat(
      [for name, stream in aws_kinesis_stream.this : { name = "stream ${name}", metric = "AWS/Kinesis IncomingRecords StreamName", of = stream.name }],
      [for name, what in local.seen : { name = name, metric = local.counted[split(" ", name)[0]], of = what }],
      [for name in keys(var.settings.log_groups) : { name = "log group ${name}", metric = "AWS/Logs IncomingLogEvents LogGroupName", of = name }],
      [for name in local.announced ? [module.queue.name] : [] : { name = "buckets", metric = local.counted.queue, of = name }],
      [for name in var.settings.http ? [module.ingest.name] : [] : { name = "http", metric = "AWS/Lambda UrlRequestCount FunctionName", of = name }],
    )
  }
}

locals {
  counted = {
    stream = "AWS/Kinesis IncomingRecords StreamName"
    queue  = "AWS/SQS NumberOfMessagesSent QueueName"
    topic  = "AWS/SNS NumberOfMessagesPublished TopicName"
  }
}

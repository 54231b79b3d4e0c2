# Alarms on what a person has to look at, who hears of them, and a dashboard.

variable "prefix" { type = string }
variable "key_arn" { type = string }
variable "alarms" {
  type = object({
    topic_arn            = optional(string)
    email                = optional(string)
    iterator_age_minutes = number
    queue_age_minutes    = number
    quarantined          = number
    silent_hours         = number
  })
}

variable "clusters" {
  description = "Cluster -> what it consists of."
  type = map(object({
    functions = list(string)
    failed    = string
    queue     = string
    streams   = list(string)
    # Lambda keeps what the first function failed at.
    is_given_up = bool
    sources     = list(object({ name = string, metric = string, of = string }))
  }))
}

variable "functions" {
  description = "Functions that belong to no cluster."
  type        = list(string)
}

variable "records" {
  description = "Records are kept for history."
  type        = bool
}

variable "firehoses" {
  description = "Cluster -> what makes tables of its records, where that is Firehose: the log group of what failed, and delivery streams."
  type        = map(object({ log_group = string, streams = list(string) }))
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  of_clusters = toset(flatten([for cluster in var.clusters : cluster.functions]))
  sources     = flatten([for name, cluster in var.clusters : [for source in cluster.sources : merge(source, { cluster = name })]])
  functions   = toset(concat(flatten([for cluster in var.clusters : cluster.functions]), var.functions))
  streams     = toset(flatten([for cluster in var.clusters : cluster.streams]))
  at          = "${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  compacts    = var.records && length(var.firehoses) == 0
  own         = var.alarms.topic_arn == null ? 1 : 0
  topic_arn   = "arn:${data.aws_partition.current.partition}:sns:${local.at}:${var.prefix}-alarms"
  topic       = var.alarms.topic_arn == null ? aws_sns_topic.alarms[0].arn : var.alarms.topic_arn
}

resource "aws_sns_topic" "alarms" {
  count             = local.own
  name              = "${var.prefix}-alarms"
  kms_master_key_id = var.key_arn
}

module "tls_only" {
  count     = local.own
  source    = "../tls-only"
  service   = "sns"
  resources = [local.topic_arn]
}

data "aws_iam_policy_document" "topic" {
  count                   = local.own
  source_policy_documents = module.tls_only[*].json

  statement {
    sid       = "Alarms"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:cloudwatch:${local.at}:alarm:${var.prefix}-*"]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  count  = local.own
  arn    = aws_sns_topic.alarms[0].arn
  policy = data.aws_iam_policy_document.topic[0].json
}

resource "aws_sns_topic_subscription" "email" {
  count     = var.alarms.topic_arn == null && var.alarms.email != null ? 1 : 0
  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarms.email
}

locals {
  of_cluster = { for name in keys(var.clusters) : name => { Deployment = var.prefix, Cluster = name } }

  # Name -> what is looked at, and when it is trouble. Unless said otherwise: any at all within five minutes; no data is no trouble.
  # The namespace StreamAlert holds what the functions count (CloudWatch embedded metric format).
  alarms = merge(
    { for name in local.functions : "${name}-errors" => {
      description = "${name} failed. Its log group says why; what it failed on comes again, and in the end lies in the queue for what failed."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = name }
    } },
    { for name in local.functions : "${name}-throttles" => {
      description = "${name} has more to do than its concurrency allows. Raise it in streamalert.yaml."
      namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = name }, periods = 3
    } },
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    { for name, cluster in var.clusters : "${cluster.functions[0]}-not-kept" => {
      description = "What Lambda gave up of ${name} could not be kept: its records are lost, unless the stream still holds them. Look at the bucket and the role of ${cluster.functions[0]}."
      namespace   = "AWS/Lambda", metric = "DestinationDeliveryFailures", dimensions = { FunctionName = cluster.functions[0] }
    } if cluster.is_given_up },
    { for name in keys(var.clusters) : "${var.prefix}-${name}-history-set-aside" => {
      description = "Records of ${name} did not become Parquet. The log of ${var.prefix}-${local.compacts ? "compact" : "${name}-ingest"} says why, and where they lie."
      namespace   = "StreamAlert", metric = "SetAside", dimensions = local.of_cluster[name], period = 900
    } if var.records },
    { for name in keys(var.clusters) : "${var.prefix}-${name}-history-behind" => {
      description = "Segments of ${name} are not all Parquet for an hour: there are more than ${var.prefix}-compact can take, or it fails."
      namespace   = "StreamAlert", metric = "Behind", dimensions = local.of_cluster[name], statistic = "Average", period = 3600
      threshold   = 0.5
    } if local.compacts },
    { for name, firehose in var.firehoses : "${var.prefix}-${name}-history-undelivered" => {
      description = "Firehose could not deliver rows of ${name}. The log group ${firehose.log_group} says why; what it gave up lies under aside/${name}/firehose/."
      namespace   = "AWS/Logs", metric = "IncomingLogEvents", dimensions = { LogGroupName = firehose.log_group }
    } },
    # Rows wait ten minutes for their file, and half as long again.
    { for name in flatten([for firehose in var.firehoses : firehose.streams]) : "${name}-history-behind" => {
      description = "Rows have waited in ${name} for more than half an hour: Firehose does not deliver."
      namespace   = "AWS/Firehose", metric = "DeliveryToS3.DataFreshness", dimensions = { DeliveryStreamName = name }, statistic = "Maximum"
      threshold   = 1800, periods = 2
    } },
    { for name in flatten([for firehose in var.firehoses : firehose.streams]) : "${name}-refuses-writers" => {
      description = "More rows come than ${name} takes, so deliveries come again. Ask AWS for a higher quota of the stream."
      namespace   = "AWS/Firehose", metric = "ThrottledRecords", dimensions = { DeliveryStreamName = name }, periods = 3
    } },
    { for name, cluster in var.clusters : "${cluster.failed}-not-empty" => {
      description = "Deliveries to ${name} failed too often and wait for a person."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = cluster.failed }, statistic = "Maximum"
    } },
    { for name, cluster in var.clusters : "${cluster.queue}-age" => {
      description = "Objects announced to ${name} wait too long to be read."
      namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = cluster.queue }, statistic = "Maximum"
      threshold   = var.alarms.queue_age_minutes * 60, periods = 2
    } },
    # Of the reading function, which may read several streams, and of the sending one, which the table of alerts wakes.
    { for name in local.of_clusters : "${name}-iterator-age" => {
      description = "What ${name} reads from streams waits too long."
      namespace   = "AWS/Lambda", metric = "IteratorAge", dimensions = { FunctionName = name }, statistic = "Maximum"
      threshold   = var.alarms.iterator_age_minutes * 60000, periods = 2
    } },
    { for name in local.streams : "${name}-refuses-writers" => {
      description = "More is written to ${name} than it takes yet; who writes has to try again. A stream on demand doubles within minutes."
      namespace   = "AWS/Kinesis", metric = "WriteProvisionedThroughputExceeded", dimensions = { StreamName = name }, periods = 3
    } },
    { for name in keys(var.clusters) : "${var.prefix}-${name}-dead-alerts" => {
      description = "Alerts of ${name} could not be delivered. See which, and why, with streamalert alerts dead list --aws --cluster ${name}, or in the log of ${var.prefix}-${name}-dispatch."
      namespace   = "StreamAlert", metric = "DeadDeliveries", dimensions = local.of_cluster[name]
    } },
    { for name in keys(var.clusters) : "${var.prefix}-${name}-failing-rules" => {
      description = "Rules fail on records of ${name}. See which, and why, with streamalert status --aws --cluster ${name}; what they failed on is in quarantine."
      namespace   = "StreamAlert", metric = "RuleErrors", dimensions = local.of_cluster[name], period = 900
    } },
    { for name in keys(var.clusters) : "${var.prefix}-${name}-quarantined" => {
      description = "Records of ${name} that nothing understood. See them with streamalert quarantine list --aws --cluster ${name}; once a schema does, streamalert quarantine retry has them read again."
      namespace   = "StreamAlert", metric = "Quarantined", dimensions = local.of_cluster[name], period = 900, threshold = var.alarms.quarantined
    } },
    { for name, cluster in var.clusters : "${var.prefix}-${name}-silent" => {
      description = "No record of ${name} was classified for ${var.alarms.silent_hours} hours."
      namespace   = "StreamAlert", metric = "Records", dimensions = local.of_cluster[name], period = 3600, periods = var.alarms.silent_hours
      threshold   = 1, comparison = "LessThanThreshold", missing = "breaching"
    } if var.alarms.silent_hours > 0 && length(cluster.sources) > 0 },
    { for source in local.sources : "${var.prefix}-${source.cluster}-silent ${source.name}" => {
      description = "Nothing came by ${source.name} of ${source.cluster} for ${var.alarms.silent_hours} hours."
      namespace   = split(" ", source.metric)[0], metric = split(" ", source.metric)[1]
      dimensions  = { (split(" ", source.metric)[2]) = source.of }, period = 3600, periods = var.alarms.silent_hours
      threshold   = 1, comparison = "LessThanThreshold", missing = "breaching"
    } if var.alarms.silent_hours > 0 },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = lookup(each.value, "statistic", "Sum")
  period              = lookup(each.value, "period", 300)
  evaluation_periods  = lookup(each.value, "periods", 1)
  threshold           = lookup(each.value, "threshold", 0)
  comparison_operator = lookup(each.value, "comparison", "GreaterThanThreshold")
  treat_missing_data  = lookup(each.value, "missing", "notBreaching")
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.prefix}-streamalert"
  dashboard_body = jsonencode({
    widgets = [for n, widget in [
      { title = "Records by cluster", stat = "Sum", metrics = [for name in keys(var.clusters) : ["StreamAlert", "Records", "Deployment", var.prefix, "Cluster", name]] },
      { title = "Alerts by cluster", stat = "Sum", metrics = [for name in keys(var.clusters) : ["StreamAlert", "Alerts", "Deployment", var.prefix, "Cluster", name]] },
      { title = "Quarantined by cluster", stat = "Sum", metrics = [for name in keys(var.clusters) : ["StreamAlert", "Quarantined", "Deployment", var.prefix, "Cluster", name]] },
      { title = "Failures of functions", stat = "Sum", metrics = [for name in sort(local.functions) : ["AWS/Lambda", "Errors", "FunctionName", name]] },
      { title = "Duration of functions", stat = "p99", metrics = [for name in sort(local.functions) : ["AWS/Lambda", "Duration", "FunctionName", name]] },
      { title = "Age of what waits in streams (ms)", stat = "Maximum", metrics = [for name in sort(local.of_clusters) : ["AWS/Lambda", "IteratorAge", "FunctionName", name]] },
      { title = "What came, by source", stat = "Sum", metrics = [for source in local.sources : concat(slice(split(" ", source.metric), 0, 3), [source.of, { label = "${source.cluster}: ${source.name}" }])] },
      { title = "Failed deliveries, dead alerts, failing rules", stat = "Sum", metrics = concat(
        [for cluster in var.clusters : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", cluster.failed]],
        [for pair in setproduct(["DeadDeliveries", "RuleErrors"], keys(var.clusters)) : ["StreamAlert", pair[0], "Deployment", var.prefix, "Cluster", pair[1]]],
      ) },
      { title = "Age of what waits in queues (s)", stat = "Maximum", metrics = [for cluster in var.clusters : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", cluster.queue]] },
      ] : {
      type       = "metric", x = (n % 2) * 12, y = floor(n / 2) * 6, width = 12, height = 6
      properties = { title = widget.title, stat = widget.stat, metrics = widget.metrics, region = data.aws_region.current.region, period = 300, view = "timeSeries" }
    }]
  })
}

output "topic_arn" { value = local.topic }

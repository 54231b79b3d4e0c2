# Alarms on what a person has to look at, who hears of them, and a dashboard.

variable "prefix" { type = string }
variable "key_arn" { type = string }
variable "alarms" {
  type = object({
    topic_arn            = optional(string)
    email                = optional(string)
    iterator_age_minutes = number
    queue_age_minutes    = number
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
  }))
}

variable "functions" {
  description = "Functions that belong to no cluster."
  type        = list(string)
}

data "aws_region" "current" {}

locals {
  functions = toset(concat(flatten([for cluster in var.clusters : cluster.functions]), var.functions))
  streams   = toset(flatten([for cluster in var.clusters : cluster.streams]))
  topic     = var.alarms.topic_arn == null ? aws_sns_topic.alarms[0].arn : var.alarms.topic_arn
}

resource "aws_sns_topic" "alarms" {
  count             = var.alarms.topic_arn == null ? 1 : 0
  name              = "${var.prefix}-alarms"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_subscription" "email" {
  count     = var.alarms.topic_arn == null && var.alarms.email != null ? 1 : 0
  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarms.email
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.functions

  alarm_name          = "${each.key}-errors"
  alarm_description   = "${each.key} failed. Its log group says why; what it failed on comes again or lies in the queue for what failed."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.key }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = local.functions

  alarm_name          = "${each.key}-throttles"
  alarm_description   = "${each.key} has more to do than its concurrency allows. Raise it in streamalert.yaml."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = each.key }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  for_each = var.clusters

  alarm_name          = "${each.value.failed}-not-empty"
  alarm_description   = "Deliveries to ${each.key} failed too often and wait for a person."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.failed }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_metric_alarm" "queue_age" {
  for_each = var.clusters

  alarm_name          = "${each.value.queue}-age"
  alarm_description   = "Objects announced to ${each.key} wait too long to be read."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  threshold           = var.alarms.queue_age_minutes * 60
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_metric_alarm" "iterator_age" {
  for_each = local.streams

  alarm_name          = "${each.key}-iterator-age"
  alarm_description   = "Records in ${each.key} wait too long to be read."
  namespace           = "AWS/Kinesis"
  metric_name         = "GetRecords.IteratorAgeMilliseconds"
  dimensions          = { StreamName = each.key }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  threshold           = var.alarms.iterator_age_minutes * 60000
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic]
}

# The functions count what happens as metrics of this name (CloudWatch embedded metric format).
resource "aws_cloudwatch_metric_alarm" "silent" {
  for_each = var.alarms.silent_hours > 0 ? var.clusters : {}

  alarm_name          = "${var.prefix}-${each.key}-silent"
  alarm_description   = "No record of ${each.key} was classified for ${var.alarms.silent_hours} hours."
  namespace           = "StreamAlert"
  metric_name         = "Records"
  dimensions          = { Deployment = var.prefix, Cluster = each.key }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = var.alarms.silent_hours
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  for_each = var.clusters

  alarm_name          = "${var.prefix}-${each.key}-dead-alerts"
  alarm_description   = "Alerts of ${each.key} could not be delivered: streamalert alerts dead list --aws."
  namespace           = "StreamAlert"
  metric_name         = "DeadDeliveries"
  dimensions          = { Deployment = var.prefix, Cluster = each.key }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic]
}

resource "aws_cloudwatch_metric_alarm" "rules" {
  for_each = var.clusters

  alarm_name          = "${var.prefix}-${each.key}-failing-rules"
  alarm_description   = "Rules fail on records of ${each.key}: streamalert status --aws."
  namespace           = "StreamAlert"
  metric_name         = "RuleErrors"
  dimensions          = { Deployment = var.prefix, Cluster = each.key }
  statistic           = "Sum"
  period              = 900
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
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
      { title = "Age of what waits in queues (s)", stat = "Maximum", metrics = [for cluster in var.clusters : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", cluster.queue]] },
      ] : {
      type       = "metric", x = (n % 2) * 12, y = floor(n / 2) * 6, width = 12, height = 6
      properties = { title = widget.title, stat = widget.stat, metrics = widget.metrics, region = data.aws_region.current.region, period = 300, view = "timeSeries" }
    }]
  })
}

output "topic_arn" { value = local.topic }

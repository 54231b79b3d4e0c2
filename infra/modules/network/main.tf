# What logs come through that is there already: attached to a cluster's function, or to its queue. Nothing of it is replaced or changed.

variable "name" { type = string }
variable "function_name" { type = string }
variable "function_arn" { type = string }
variable "queue_arn" { type = string }
variable "failed_arn" { type = string }
variable "concurrency" { type = number }

variable "streams" {
  description = "Name -> ARN."
  type        = map(string)
}

variable "queues" {
  description = "Name -> ARN."
  type        = map(string)
}

variable "topics" {
  description = "Name -> ARN; whether they carry records or announce objects."
  type        = map(string)
}

variable "log_groups" {
  description = "Name -> filter pattern."
  type        = map(string)
}

variable "event_rules" {
  description = "Name -> pattern of the events on the account's bus that are logs."
  type        = map(string)
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
}

module "stream" {
  source   = "../stream-reader"
  for_each = var.streams

  stream_arn   = each.value
  function_arn = var.function_arn
  failed_arn   = var.failed_arn
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = var.queues

  event_source_arn                   = each.value
  function_name                      = var.function_arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.concurrency
  }
}

resource "aws_sns_topic_subscription" "this" {
  for_each = var.topics

  topic_arn = each.value
  protocol  = "sqs"
  endpoint  = var.queue_arn
}

# --- Log groups, and events of EventBridge: both call the function ---

resource "aws_cloudwatch_log_subscription_filter" "this" {
  for_each = var.log_groups

  name            = var.name
  log_group_name  = each.key
  filter_pattern  = each.value
  destination_arn = var.function_arn

  depends_on = [aws_lambda_permission.log_group]
}

resource "aws_lambda_permission" "log_group" {
  for_each = var.log_groups

  statement_id   = "logs-${substr(sha256(each.key), 0, 16)}"
  action         = "lambda:InvokeFunction"
  function_name  = var.function_name
  principal      = "logs.amazonaws.com"
  source_account = local.account
  source_arn     = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${each.key}:*"
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = var.event_rules

  name          = "${var.name}-${each.key}"
  event_pattern = each.value
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = var.event_rules

  rule = aws_cloudwatch_event_rule.this[each.key].name
  arn  = var.function_arn

  depends_on = [aws_lambda_permission.event_rule]
}

resource "aws_lambda_permission" "event_rule" {
  for_each = var.event_rules

  statement_id   = "events-${each.key}"
  action         = "lambda:InvokeFunction"
  function_name  = var.function_name
  principal      = "events.amazonaws.com"
  source_account = local.account
  source_arn     = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${var.name}-${each.key}"
}

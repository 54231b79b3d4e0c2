# The alerts of one cluster: the table that holds them, and the function that sends them.

variable "prefix" { type = string }
variable "cluster" { type = string }
variable "package" { type = string }
variable "data_key_arn" { type = string }
variable "secrets_key_arn" { type = string }
variable "keep" { type = bool }
variable "reserve" { type = bool }
variable "log_days" { type = number }
variable "environment" { type = map(string) }
variable "lake_arn" { type = string }
variable "vpc" { type = object({ subnet_ids = list(string), security_group_ids = list(string) }) }

variable "outputs" {
  description = "As in the root module's `outputs`."
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

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  name        = "${var.prefix}-${var.cluster}"
  partition   = data.aws_partition.current.partition
  at          = "${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  table_name  = "${local.name}-state"
  table_arn   = "arn:${local.partition}:dynamodb:${local.at}:table/${local.table_name}"
  secret_arns = [for name in var.outputs.secrets : "arn:${local.partition}:secretsmanager:${local.at}:secret:${var.prefix}/outputs/${name}-??????"]
}

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
    resources = ["${var.lake_arn}/large/${var.cluster}/*"]
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
      actions   = statement.key == "logs:PutLogEvents" ? ["logs:CreateLogStream", "logs:PutLogEvents"] : [statement.key]
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

  # Of topics and queues that are sent to: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  dynamic "statement" {
    for_each = length(var.outputs.sent_key_arns) > 0 ? [1] : []
    content {
      sid       = "KeysOfTopicsAndQueues"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = var.outputs.sent_key_arns
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
  description     = "StreamAlert: sends the alerts of ${var.cluster}."
  package         = var.package
  vpc             = var.vpc
  key_arn         = var.data_key_arn
  memory_mb       = 512
  timeout_seconds = 120
  # One that the table wakes, one that the clock wakes; leases keep them apart.
  concurrency = 4
  reserve     = var.reserve
  log_days    = var.log_days
  environment = merge(var.environment, { STREAMALERT_TABLE = aws_dynamodb_table.state.name })
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

output "table" { value = { name = aws_dynamodb_table.state.name, arn = local.table_arn } }
output "function_name" { value = module.dispatch.name }

# A function with a role of its own that may do what `policy_json` says, and write its own log.

variable "name" { type = string }
variable "description" { type = string }
variable "package" { type = string }
variable "key_arn" { type = string }
variable "memory_mb" { type = number }
variable "timeout_seconds" { type = number }
variable "concurrency" { type = number }
variable "reserve" {
  description = "False: the function shares the quota of the account."
  type        = bool
  default     = true
}
variable "environment" { type = map(string) }
variable "policy_json" { type = list(string) }

variable "vpc" {
  description = "Where the function reaches the network from; null: from AWS's own."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null
}

variable "log_days" { type = number }

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  at      = "${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  changes = ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
  looks   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
  network = var.vpc == null ? {} : {
    Network       = { effect = "Allow", actions = local.changes, resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.at}:*/*"] }
    LookAtNetwork = { effect = "Allow", actions = local.looks, resources = ["*"] }
    NotByCode     = { effect = "Deny", actions = concat(local.changes, local.looks), resources = ["*"] }
  }
  # Known before the log group is made.
  log_group_arn = "arn:${data.aws_partition.current.partition}:logs:${local.at}:log-group:/aws/lambda/${var.name}"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  max_session_duration = 3600
}

data "aws_iam_policy_document" "this" {
  source_policy_documents = var.policy_json

  statement {
    sid       = "OwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"]
  }

  # Lambda makes interfaces in the subnets in the role's name; to look at them, AWS offers nothing narrower. The function's own code may not.
  dynamic "statement" {
    for_each = local.network
    content {
      sid       = statement.key
      effect    = statement.value.effect
      actions   = statement.value.actions
      resources = statement.value.resources
      dynamic "condition" {
        for_each = statement.value.effect == "Deny" ? [1] : []
        content {
          test     = "ArnEquals"
          variable = "lambda:SourceFunctionArn"
          values   = ["arn:${data.aws_partition.current.partition}:lambda:${local.at}:function:${var.name}"]
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "function"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_lambda_function" "this" {
  function_name                  = var.name
  description                    = var.description
  role                           = aws_iam_role.this.arn
  runtime                        = "nodejs24.x"
  architectures                  = ["arm64"]
  handler                        = "index.handler"
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserve ? var.concurrency : -1
  kms_key_arn                    = var.key_arn

  environment {
    variables = merge(var.environment, { NODE_OPTIONS = "--enable-source-maps" })
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tracing_config {
    mode = "PassThrough"
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

output "arn" { value = aws_lambda_function.this.arn }
output "name" { value = aws_lambda_function.this.function_name }
output "role_arn" { value = aws_iam_role.this.arn }
output "role_name" { value = aws_iam_role.this.name }

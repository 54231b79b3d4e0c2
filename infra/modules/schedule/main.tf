# Calls a function again and again, by a role that may do nothing else.

variable "name" { type = string }
variable "role_name" { type = string }
variable "expression" { type = string }
variable "function_name" { type = string }
variable "retries" {
  description = "Tries after the first; the next time comes anyway."
  type        = number
  default     = 0
}

variable "input" {
  description = "What the function is told beside who calls it."
  type        = map(number)
  default     = {}
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account      = data.aws_caller_identity.current.account_id
  function_arn = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${local.account}:function:${var.function_name}"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "invoke" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [local.function_arn]
  }
}

resource "aws_iam_role" "this" {
  name               = var.role_name
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "this" {
  name   = "invoke"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.invoke.json
}

resource "aws_scheduler_schedule" "this" {
  name                = var.name
  schedule_expression = var.expression

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = local.function_arn
    role_arn = aws_iam_role.this.arn
    input    = jsonencode(merge({ source = "streamalert.schedule" }, var.input))
    retry_policy {
      maximum_retry_attempts = var.retries
    }
  }
}

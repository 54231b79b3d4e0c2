# A queue and the queue for what failed too often: encrypted, reached by TLS only, written to by those who are named.

variable "name" { type = string }
variable "key_arn" { type = string }

variable "visibility_seconds" {
  description = "Six times the time-out of the function that reads it, as AWS advises."
  type        = number
}

variable "bucket_arns" {
  description = "Buckets that may announce their objects here."
  type        = list(string)
  default     = []
}

variable "topic_arns" {
  description = "Topics that may send here."
  type        = list(string)
  default     = []
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}:sqs:${data.aws_region.current.region}:${local.account}:${var.name}"
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
  kms_master_key_id         = var.key_arn
}

resource "aws_sqs_queue" "this" {
  name                       = var.name
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = var.visibility_seconds
  receive_wait_time_seconds  = 20
  kms_master_key_id          = var.key_arn
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.arn]
  })
}

module "tls_only" {
  source    = "../tls-only"
  service   = "sqs"
  resources = [local.arn]
}

data "aws_iam_policy_document" "queue" {
  source_policy_documents = [module.tls_only.json]

  dynamic "statement" {
    for_each = length(var.bucket_arns) > 0 ? [1] : []
    content {
      sid       = "Buckets"
      actions   = ["sqs:SendMessage"]
      resources = [local.arn]
      principals {
        type        = "Service"
        identifiers = ["s3.amazonaws.com"]
      }
      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = var.bucket_arns
      }
      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.topic_arns) > 0 ? [1] : []
    content {
      sid       = "Topics"
      actions   = ["sqs:SendMessage"]
      resources = [local.arn]
      principals {
        type        = "Service"
        identifiers = ["sns.amazonaws.com"]
      }
      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = var.topic_arns
      }
    }
  }
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy    = data.aws_iam_policy_document.queue.json
}

module "failed_tls_only" {
  source    = "../tls-only"
  service   = "sqs"
  resources = ["${local.arn}-failed"]
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id
  policy    = module.failed_tls_only.json
}

output "arn" { value = local.arn }
output "url" { value = aws_sqs_queue.this.url }
output "name" { value = var.name }
output "failed_name" { value = aws_sqs_queue.failed.name }

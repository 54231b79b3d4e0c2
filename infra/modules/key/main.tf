# A customer-managed KMS key. Administered by the account, used only by way of the services named, and by roles whose policies say so.

variable "name" { type = string }
variable "purpose" { type = string }

variable "via" {
  description = "Services through which roles of the account may use the key, such as sqs."
  type        = list(string)
}

variable "context" {
  description = "Only for what is encrypted in such a context: its key, and patterns of its value."
  type        = object({ key = string, values = list(string) })
  default     = null
}

variable "services" {
  description = "Services that use the key in their own name, such as s3.amazonaws.com for notifications to a queue -> ARNs of what they do it for, perhaps with *."
  type        = map(list(string))
  default     = {}
}

variable "writers" {
  description = "Cluster -> other accounts that write into its streams and buckets, and the ARNs of these: what is written is encrypted in their name."
  type        = map(object({ accounts = list(string), streams = list(string), buckets = list(string) }))
  default     = {}
}

variable "deliveries" {
  description = "Services that write into a bucket in the name of accounts."
  type        = map(object({ services = list(string), accounts = list(string), bucket = string }))
  default     = {}
}

variable "log_groups" {
  description = "Log groups whose names begin so are encrypted with the key."
  type        = list(string)
  default     = []
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  root      = "arn:${local.partition}:iam::${local.account}:root"
  via       = [for service in var.via : "${service}.${local.region}.${data.aws_partition.current.dns_suffix}"]

  # What other accounts write is encrypted in the context of the bucket or stream alone: nothing else of the key is theirs.
  written = merge([for cluster, writer in var.writers : {
    "${cluster}Streams" = { accounts = writer.accounts, service = "kinesis", context = "aws:kinesis:arn", arns = writer.streams }
    "${cluster}Buckets" = { accounts = writer.accounts, service = "s3", context = "aws:s3:arn", arns = flatten([for arn in writer.buckets : [arn, "${arn}/*"]]) }
  }]...)
}

data "aws_iam_policy_document" "key" {
  # In a key's policy "*" means this key: nothing narrower can be written.
  statement {
    sid = "Administration"
    actions = [
      "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey",
      "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListGrants",
      "kms:ListKeyPolicies", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion",
      "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
    ]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
  }

  statement {
    sid       = "UseThroughServices"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = local.via
    }
    dynamic "condition" {
      for_each = var.context[*]
      content {
        test     = "StringLike"
        variable = "kms:EncryptionContext:${condition.value.key}"
        values   = condition.value.values
      }
    }
  }

  # DynamoDB, Kinesis and Lambda keep a grant on the key for resources that are encrypted with it.
  statement {
    sid       = "GrantsOfServices"
    actions   = ["kms:CreateGrant"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = local.via
    }
  }

  dynamic "statement" {
    for_each = { for service, arns in var.services : service => arns if length(arns) > 0 }
    content {
      sid       = "Service${title(split(".", statement.key)[0])}"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = ["*"]
      principals {
        type        = "Service"
        identifiers = [statement.key]
      }
      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = var.deliveries
    content {
      sid       = "ServicesWrite${replace(title(replace(statement.key, "-", " ")), " ", "")}"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = ["*"]
      principals {
        type        = "Service"
        identifiers = statement.value.services
      }
      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = statement.value.accounts
      }
      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:aws:s3:arn"
        values   = [statement.value.bucket, "${statement.value.bucket}/*"]
      }
    }
  }

  # Parts of a large object are put together by who may decrypt them.
  dynamic "statement" {
    for_each = { for name, one in local.written : name => one if length(one.accounts) > 0 && length(one.arns) > 0 }
    content {
      sid       = "OtherAccountsWrite${replace(title(replace(statement.key, "-", " ")), " ", "")}"
      actions   = statement.value.service == "s3" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:GenerateDataKey"]
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = [for account in statement.value.accounts : "arn:${local.partition}:iam::${account}:root"]
      }
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["${statement.value.service}.${local.region}.${data.aws_partition.current.dns_suffix}"]
      }
      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:${statement.value.context}"
        values   = statement.value.arns
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.log_groups) == 0 ? [] : [1]
    content {
      sid       = "Logs"
      actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = ["*"]
      principals {
        type        = "Service"
        identifiers = ["logs.${local.region}.amazonaws.com"]
      }
      condition {
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:logs:arn"
        values   = [for name in var.log_groups : "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${name}*"]
      }
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "${var.name}: ${var.purpose}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

output "arn" { value = aws_kms_key.this.arn }

# Secrets of outputs, or of sources, with a key of their own. Values are put in by `streamalert secret set --aws`; Terraform never sees them.

variable "prefix" { type = string }
variable "names" { type = list(string) }
variable "keep" { type = bool }

variable "part" {
  description = "Who needs them."
  type        = string
  default     = "outputs"
}

variable "readers" {
  description = "Names of the roles that may read them: not even who may do everything in the account may, unless he takes this away first."
  type        = list(string)
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  begin     = "arn:${local.partition}:secretsmanager:${data.aws_region.current.region}:${local.account}:secret:${var.prefix}/${var.part}/"
}

module "key" {
  source  = "../key"
  name    = var.part == "outputs" ? "${var.prefix}-secrets" : "${var.prefix}-secrets-${var.part}"
  purpose = "secrets of ${var.part}"
  via     = ["secretsmanager"]
  # The second is what Secrets Manager tries a key with: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
  context = { key = "SecretARN", values = ["${local.begin}*", "RequestToValidateKeyAccess"] }
}

resource "aws_secretsmanager_secret" "output" {
  for_each = toset(var.names)

  name       = "${var.prefix}/${var.part}/${each.key}"
  kms_key_id = module.key.arn
  # Otherwise its name would be taken for a week after all was deleted.
  recovery_window_in_days = var.keep ? 7 : 0
}

data "aws_iam_policy_document" "output" {
  for_each = toset(var.names)

  statement {
    sid       = "OnlyForOutputs"
    effect    = "Deny"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnNotEquals"
      variable = "aws:PrincipalArn"
      values   = [for name in var.readers : "arn:${local.partition}:iam::${local.account}:role/${name}"]
    }
  }
}

resource "aws_secretsmanager_secret_policy" "output" {
  for_each = toset(var.names)

  secret_arn          = aws_secretsmanager_secret.output[each.key].arn
  policy              = data.aws_iam_policy_document.output[each.key].json
  block_public_policy = true
}

output "key_arn" { value = module.key.arn }

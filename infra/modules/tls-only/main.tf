# A statement for the policy of a bucket, queue or topic: whoever does not come by TLS is refused.

variable "service" { type = string }
variable "resources" { type = list(string) }

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["${var.service}:*"]
    resources = var.resources
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

output "json" { value = data.aws_iam_policy_document.this.json }

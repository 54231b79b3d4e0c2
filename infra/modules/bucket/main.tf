# A bucket as it should be: encrypted, versioned, private, reached by TLS only, its old versions swept, its accesses logged.

variable "name" { type = string }
variable "keep" { type = bool }

variable "key_arn" {
  description = "Key that objects are encrypted with; null: S3's own."
  type        = string
}

variable "logs" {
  description = "Bucket that accesses are logged in."
  type        = object({ bucket = string })
  default     = null
}

variable "retention_days" {
  description = "0: for ever."
  type        = number
}

variable "prefix_days" {
  description = "Prefixes that are kept for other times."
  type        = map(number)
  default     = {}
}

variable "scratch_prefixes" {
  description = "Prefixes whose objects are many and are deleted soon: their old versions go after a week."
  type        = list(string)
  default     = []
}

variable "policy_json" {
  description = "Further statements of the bucket's policy."
  type        = list(string)
  default     = []
}

data "aws_partition" "current" {}

locals {
  arn = "arn:${data.aws_partition.current.partition}:s3:::${var.name}"
}

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = !var.keep
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    bucket_key_enabled = var.key_arn != null
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "old-versions-and-broken-uploads"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  dynamic "rule" {
    for_each = var.retention_days > 0 ? [1] : []
    content {
      id     = "retention"
      status = "Enabled"
      filter {}
      expiration {
        days = var.retention_days
      }
    }
  }

  dynamic "rule" {
    for_each = toset(var.scratch_prefixes)
    content {
      id     = "old-versions-of-${replace(rule.key, "/", "-")}"
      status = "Enabled"
      filter {
        prefix = rule.key
      }
      noncurrent_version_expiration {
        noncurrent_days = 7
      }
    }
  }

  dynamic "rule" {
    for_each = var.prefix_days
    content {
      id     = "retention-of-${replace(rule.key, "/", "-")}"
      status = "Enabled"
      filter {
        prefix = rule.key
      }
      expiration {
        days = rule.value
      }
    }
  }
}

resource "aws_s3_bucket_logging" "this" {
  count         = var.logs == null ? 0 : 1
  bucket        = aws_s3_bucket.this.id
  target_bucket = var.logs.bucket
  target_prefix = "${var.name}/"
}

module "tls_only" {
  source    = "../tls-only"
  service   = "s3"
  resources = [local.arn, "${local.arn}/*"]
}

data "aws_iam_policy_document" "bucket" {
  source_policy_documents = concat(var.policy_json, [module.tls_only.json])
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.bucket.json
}

output "name" { value = aws_s3_bucket.this.id }
output "arn" { value = local.arn }

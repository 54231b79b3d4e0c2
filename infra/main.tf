data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  log_bucket = "${var.prefix}-access-logs-${local.account}"
  api_name   = "${var.prefix}-api"
}

# --- Keys: one for data, one for the secrets of outputs ---

module "data_key" {
  source             = "./modules/key"
  name               = "${var.prefix}-data"
  purpose            = "logs, alerts and what is kept of them"
  via                = ["athena", "dynamodb", "kinesis", "lambda", "s3", "sns", "sqs"]
  service_principals = ["cloudwatch.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com"]
  log_group_prefix   = "/aws/lambda/${var.prefix}-"
}

module "secrets_key" {
  source  = "./modules/key"
  name    = "${var.prefix}-secrets"
  purpose = "secrets of outputs"
  via     = ["secretsmanager"]
}

# Values are put in by `streamalert secret set --aws`; Terraform never sees them.
resource "aws_secretsmanager_secret" "output" {
  for_each = toset(var.outputs.secrets)

  name                    = "${var.prefix}/outputs/${each.key}"
  kms_key_id              = module.secrets_key.arn
  recovery_window_in_days = 7
}

# --- Who read which object: kept for a year. S3 delivers such logs only where it encrypts by its own key. ---

resource "aws_s3_bucket" "access_logs" {
  bucket        = local.log_bucket
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "access_logs" {
  bucket                  = aws_s3_bucket.access_logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  rule {
    id     = "a-year"
    status = "Enabled"
    filter {}
    expiration {
      days = 365
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "Delivery"
    actions   = ["s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${local.log_bucket}/*"]
    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [for part in ["", "/*"] : "arn:${data.aws_partition.current.partition}:s3:::${local.log_bucket}${part}"]
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

resource "aws_s3_bucket_policy" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  policy = data.aws_iam_policy_document.access_logs.json
}

# --- History ---

module "lake" {
  source     = "./modules/lake"
  prefix     = var.prefix
  package    = var.packages.compact
  key_arn    = module.data_key.arn
  log_bucket = local.log_bucket
  keep       = var.deletion_protection
  clusters   = sort(keys(var.clusters))
  tables     = var.tables
  history    = var.history

  depends_on = [aws_s3_bucket.access_logs]
}

# --- Environments ---

module "cluster" {
  source   = "./modules/cluster"
  for_each = var.clusters

  prefix          = var.prefix
  name            = each.key
  packages        = { ingest = var.packages.ingest, dispatch = var.packages.dispatch }
  settings        = each.value
  outputs         = var.outputs
  data_key_arn    = module.data_key.arn
  secrets_key_arn = module.secrets_key.arn
  log_bucket      = local.log_bucket
  keep            = var.deletion_protection
  lake            = module.lake.bucket
}

# --- api: what `streamalert status --aws` and its like ask. Callers sign with IAM. ---

data "aws_iam_policy_document" "api" {
  statement {
    sid       = "State"
    actions   = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = flatten([for cluster in module.cluster : [cluster.table_arn, "${cluster.table_arn}/index/due"]])
  }
  statement {
    sid       = "Quarantine"
    actions   = ["s3:GetObject"]
    resources = ["${module.lake.bucket.arn}/quarantine/*", "${module.lake.bucket.arn}/large/*"]
  }
  statement {
    sid       = "ListQuarantine"
    actions   = ["s3:ListBucket"]
    resources = [module.lake.bucket.arn]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["quarantine/*"]
    }
  }
  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt"]
    resources = [module.data_key.arn]
  }
}

module "api" {
  count           = var.packages.api == null ? 0 : 1
  source          = "./modules/function"
  name            = local.api_name
  description     = "StreamAlert: answers what happened."
  package         = var.packages.api
  key_arn         = module.data_key.arn
  memory_mb       = 512
  timeout_seconds = 30
  concurrency     = 5
  environment = {
    STREAMALERT_PREFIX   = var.prefix
    STREAMALERT_LAKE     = module.lake.bucket.name
    STREAMALERT_CLUSTERS = join(",", sort(keys(var.clusters)))
  }
  policy_json = [data.aws_iam_policy_document.api.json]
}

resource "aws_lambda_function_url" "api" {
  count              = length(module.api)
  function_name      = module.api[0].name
  authorization_type = "AWS_IAM"
}

# --- Alarms ---

module "monitoring" {
  source    = "./modules/monitoring"
  prefix    = var.prefix
  key_arn   = module.data_key.arn
  alarms    = var.alarms
  clusters  = { for name, cluster in module.cluster : name => cluster.watched }
  functions = concat(module.api[*].name, module.lake.functions)
}

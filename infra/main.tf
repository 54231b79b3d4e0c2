data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  log_bucket = "${var.prefix}-access-logs-${local.account}"
  api_name   = "${var.prefix}-api"
}

# --- Keys: one for data, one for the secrets of outputs ---

locals {
  topics = distinct(flatten([for cluster in var.clusters : concat(
    [for topic in cluster.existing_topics : topic.arn],
    [for bucket in cluster.existing_buckets : bucket.topic_arn if bucket.topic_arn != null],
  )]))
  buckets = distinct(flatten([for name, cluster in var.clusters : concat(
    [for bucket in keys(cluster.buckets) : "arn:${local.partition}:s3:::${var.prefix}-${name}-${bucket}-${local.account}"],
    [for bucket in cluster.existing_buckets : bucket.arn if bucket.topic_arn == null],
  )]))
}

module "data_key" {
  source           = "./modules/key"
  name             = "${var.prefix}-data"
  purpose          = "logs, alerts and what is kept of them"
  via              = ["athena", "dynamodb", "kinesis", "lambda", "s3", "sns", "sqs"]
  log_group_prefix = "/aws/lambda/${var.prefix}-"
  services = {
    "cloudwatch.amazonaws.com" = ["arn:${local.partition}:cloudwatch:${var.region}:${local.account}:alarm:${var.prefix}-*"]
    "s3.amazonaws.com"         = local.buckets
    "sns.amazonaws.com"        = local.topics
  }
  writers = { for name, cluster in var.clusters : name => {
    accounts = cluster.writer_accounts
    streams  = [for stream in keys(cluster.streams) : "arn:${local.partition}:kinesis:${var.region}:${local.account}:stream/${var.prefix}-${name}-${stream}"]
    buckets  = [for bucket in keys(cluster.buckets) : "arn:${local.partition}:s3:::${var.prefix}-${name}-${bucket}-${local.account}"]
  } }
}

module "secrets" {
  source  = "./modules/secrets"
  prefix  = var.prefix
  names   = var.outputs.secrets
  readers = [for name in keys(var.clusters) : "${var.prefix}-${name}-dispatch"]
}

# --- Who read which object: kept for a year. S3 delivers such logs only where it encrypts by its own key. ---

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "Delivery"
    actions   = ["s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.log_bucket}/*"]
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
}

module "access_logs" {
  source         = "./modules/bucket"
  name           = local.log_bucket
  key_arn        = null
  keep           = var.deletion_protection
  retention_days = 365
  policy_json    = [data.aws_iam_policy_document.access_logs.json]
}

# --- History ---

module "lake" {
  source     = "./modules/lake"
  prefix     = var.prefix
  package    = var.packages.compact
  key_arn    = module.data_key.arn
  log_bucket = module.access_logs.name
  keep       = var.deletion_protection
  clusters   = sort(keys(var.clusters))
  tables     = var.tables
  history    = var.history
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
  secrets_key_arn = module.secrets.key_arn
  log_bucket      = module.access_logs.name
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

# History: Parquet files of records and the segments they are made of, unless Firehose makes them; quarantine, and records too large for a table; and the way to ask them.

variable "prefix" { type = string }
variable "package" {
  description = "Code of compact; null: no segments are kept."
  type        = string
}
variable "key_arn" { type = string }
variable "log_bucket" { type = string }
variable "keep" { type = bool }
variable "reserve" { type = bool }
variable "log_days" { type = number }
variable "clusters" { type = list(string) }
variable "tables" { type = map(list(object({ name = string, type = string }))) }
variable "history" {
  type = object({
    records_days    = number
    compactors      = number
    alerts_days     = number
    quarantine_days = number
    query_limit_gb  = number
    writer          = string
  })
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  name      = "${var.prefix}-lake-${local.account}"
  arn       = "arn:${local.partition}:s3:::${local.name}"
  database  = replace("${var.prefix}_streamalert", "-", "_")
  firehose  = var.history.records_days > 0 && var.history.writer == "firehose"
  compacts  = var.history.records_days > 0 && !local.firehose && var.package != null
  records   = local.firehose || local.compacts
  tables    = local.records ? var.tables : {}
  # Glue takes no dash and no colon.
  table_names = { for type in keys(local.tables) : type => replace(lower(type), "/\\W/", "_") }
}

module "bucket" {
  source         = "../bucket"
  name           = local.name
  key_arn        = var.key_arn
  logs           = { bucket = var.log_bucket }
  keep           = var.keep
  retention_days = 0
  prefix_days = merge(
    { "quarantine/" = var.history.quarantine_days, "large/" = var.history.alerts_days, "queries/" = 7 },
    # Segments wait for compact, and go when they are Parquet; what compact or Firehose could not use waits for a person. What compact has done it
    # remembers as long as queues and streams may bring the same again.
    local.records ? { for prefix in ["aside/", "records/", "segments/"] : prefix => var.history.records_days } : {},
    local.records ? { "compact/" = 30 } : {},
  )
  scratch_prefixes = local.records ? ["segments/"] : []
}

resource "aws_glue_catalog_database" "this" {
  name = local.database
}

resource "aws_glue_catalog_table" "this" {
  for_each = local.tables

  name          = local.table_names[each.key]
  database_name = aws_glue_catalog_database.this.name
  description   = "Records of ${each.key}."
  table_type    = "EXTERNAL_TABLE"

  # Partitions follow from the path: none has to be added.
  parameters = {
    "classification"              = "parquet"
    "projection.enabled"          = "true"
    "projection.cluster.type"     = "enum"
    "projection.cluster.values"   = join(",", var.clusters)
    "projection.dt.type"          = "date"
    "projection.dt.format"        = "yyyy-MM-dd-HH"
    "projection.dt.range"         = "2026-01-01-00,NOW"
    "projection.dt.interval"      = "1"
    "projection.dt.interval.unit" = "HOURS"
    "storage.location.template"   = "s3://${local.name}/records/${local.table_names[each.key]}/cluster=$${cluster}/dt=$${dt}/"
  }

  partition_keys {
    name = "cluster"
    type = "string"
  }
  partition_keys {
    name = "dt"
    type = "string"
  }

  storage_descriptor {
    location      = "s3://${local.name}/records/${local.table_names[each.key]}/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }

    dynamic "columns" {
      for_each = each.value
      content {
        name = columns.value.name
        type = columns.value.type
      }
    }
  }
}

resource "aws_athena_workgroup" "this" {
  name          = "${var.prefix}-streamalert"
  force_destroy = !var.keep

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.history.query_limit_gb * 1073741824

    result_configuration {
      output_location = "s3://${local.name}/queries/"
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.key_arn
      }
    }
  }
}

# --- compact: makes Parquet of segments ---

data "aws_iam_policy_document" "compact" {
  statement {
    sid       = "Segments"
    actions   = ["s3:DeleteObject", "s3:GetObject"]
    resources = ["${local.arn}/segments/*"]
  }
  statement {
    sid       = "Plans"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = ["${local.arn}/compact/*"]
  }
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [local.arn]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["segments/*", "compact/*"]
    }
  }
  statement {
    sid       = "Files"
    actions   = ["s3:PutObject"]
    resources = ["${local.arn}/records/*", "${local.arn}/aside/*"]
  }
  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

module "compact" {
  source          = "../function"
  count           = local.compacts ? 1 : 0
  name            = "${var.prefix}-compact"
  description     = "StreamAlert: makes Parquet files of the segments of records."
  package         = var.package
  key_arn         = var.key_arn
  memory_mb       = 2048
  timeout_seconds = 900
  concurrency     = var.history.compactors
  reserve         = var.reserve
  log_days        = var.log_days
  environment     = { STREAMALERT_LAKE = local.name, STREAMALERT_PREFIX = var.prefix }
  policy_json     = [data.aws_iam_policy_document.compact.json]
}

# Each takes its part of the segments.
module "schedule" {
  source        = "../schedule"
  count         = local.compacts ? var.history.compactors : 0
  name          = count.index == 0 ? "${var.prefix}-compact" : "${var.prefix}-compact-${count.index}"
  role_name     = count.index == 0 ? "${var.prefix}-compact-schedule" : "${var.prefix}-compact-schedule-${count.index}"
  expression    = "rate(10 minutes)"
  function_name = module.compact[0].name
  input         = { part = count.index, parts = var.history.compactors }
}

output "bucket" { value = { name = local.name, arn = local.arn, records = local.records, firehose = local.firehose } }
output "tables" { value = { for type, table in aws_glue_catalog_table.this : type => table.name } }
output "database" { value = aws_glue_catalog_database.this.name }
output "workgroup" { value = aws_athena_workgroup.this.name }
output "functions" { value = module.compact[*].name }

# History by Amazon Data Firehose: for each table a delivery stream of one cluster, which makes Parquet files of the rows that ingest puts.
# A stream of a cluster's own, for its role writes into that cluster's partitions only.

variable "name" { type = string }
variable "cluster" { type = string }
variable "key_arn" { type = string }
variable "log_days" { type = number }
variable "lake" { type = object({ name = string, arn = string }) }
variable "database" { type = string }

variable "tables" {
  description = "Log type -> its table."
  type        = map(string)
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  at        = "${data.aws_region.current.region}:${local.account}"
  partition = data.aws_partition.current.partition
  glue      = "arn:${local.partition}:glue:${local.at}"
  log_group = "/aws/kinesisfirehose/${var.name}"

  # As src/project/aws/delivery-streams.ts names them: AWS takes 64 characters.
  streams = { for type, table in var.tables : type => {
    table = table
    name  = "${var.name}.${length(table) <= 26 ? table : "${substr(table, 0, 17)}-${substr(sha256(table), 0, 8)}"}"
  } }
}

# What could not be delivered is told here, and nothing else.
resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_cloudwatch_log_stream" "this" {
  name           = "DestinationDelivery"
  log_group_name = aws_cloudwatch_log_group.this.name
}

# https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role
data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["firehose.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-firehose"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

# What Firehose says it needs (same page, #using-iam-s3 and #using-iam-glue), of this cluster's objects.
data "aws_iam_policy_document" "this" {
  statement {
    sid       = "Files"
    actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    resources = ["${var.lake.arn}/records/*/cluster=${var.cluster}/*", "${var.lake.arn}/aside/${var.cluster}/firehose/*"]
  }
  statement {
    sid       = "Bucket"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    resources = [var.lake.arn]
  }
  statement {
    sid       = "Columns"
    actions   = ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"]
    resources = ["${local.glue}:catalog", "${local.glue}:database/${var.database}", "${local.glue}:table/${var.database}/*"]
  }
  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
  statement {
    sid       = "Log"
    actions   = ["logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.at}:log-group:${local.log_group}:log-stream:*"]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "firehose"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_kinesis_firehose_delivery_stream" "this" {
  for_each = local.streams

  name        = each.value.name
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = var.key_arn
  }

  extended_s3_configuration {
    role_arn    = aws_iam_role.this.arn
    bucket_arn  = var.lake.arn
    kms_key_arn = var.key_arn

    # The partition is the row's, not the time at which Firehose took it: what comes again lies beside what came before.
    prefix              = "records/${each.value.table}/cluster=${var.cluster}/dt=!{partitionKeyFromQuery:dt}/"
    error_output_prefix = "aside/${var.cluster}/firehose/${each.value.table}/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd-HH}/"

    # At least 64 MB: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html
    buffering_size     = 128
    buffering_interval = 600

    dynamic_partitioning_configuration {
      enabled = true
    }

    # Several rows are one record, for each is billed as a multiple of 5 KB.
    processing_configuration {
      enabled = true
      processors {
        type = "RecordDeAggregation"
        parameters {
          parameter_name  = "SubRecordType"
          parameter_value = "JSON"
        }
      }
      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{dt:.dt}"
        }
      }
    }

    data_format_conversion_configuration {
      # Names of columns are in lower case already; keys within them keep theirs.
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {
            case_insensitive                         = false
            convert_dots_in_json_keys_to_underscores = false
          }
        }
      }
      output_format_configuration {
        serializer {
          parquet_ser_de {
            compression = "GZIP"
          }
        }
      }
      schema_configuration {
        role_arn      = aws_iam_role.this.arn
        database_name = var.database
        table_name    = each.value.table
      }
    }

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.this.name
      log_stream_name = aws_cloudwatch_log_stream.this.name
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

output "watched" {
  description = "What alarms look at."
  value       = { log_group = local.log_group, streams = [for stream in local.streams : stream.name] }
}

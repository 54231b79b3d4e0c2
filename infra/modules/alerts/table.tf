# Everything the cluster's functions keep: hits, windows, alerts, deliveries, places in streams. One item a row, by `pk` and `sk`; the
# index `due` finds deliveries and windows by when they are due; what has had its time goes by `expires`.

resource "aws_dynamodb_table" "state" {
  name                        = local.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.keep
  stream_enabled              = true
  stream_view_type            = "KEYS_ONLY"

  attribute {
    name = "pk"
    type = "S"
  }
  attribute {
    name = "sk"
    type = "S"
  }
  attribute {
    name = "lane"
    type = "S"
  }
  attribute {
    name = "due"
    type = "N"
  }

  global_secondary_index {
    name            = "due"
    hash_key        = "lane"
    range_key       = "due"
    projection_type = "ALL"
  }

  ttl {
    enabled        = true
    attribute_name = "expires"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.data_key_arn
  }
}

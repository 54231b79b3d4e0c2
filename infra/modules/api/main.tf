# The function that answers what happened (`streamalert status --aws` and its like), and who may call it. Callers sign with IAM; what each of
# them may see, the function decides by the ARN that AWS proved.

variable "prefix" { type = string }
variable "reserve" { type = bool }
variable "log_days" { type = number }
variable "package" { type = string }
variable "key_arn" { type = string }
variable "lake" {
  description = "The bucket where large records and what was not understood lie."
  type        = object({ name = string, arn = string })
}
variable "callers" {
  description = "ARNs of roles and users; for those that no ARN names, their account."
  type        = list(string)
}
variable "retries" {
  description = "Someone may try again what failed, and stage rules."
  type        = bool
}
variable "clusters" {
  description = "Cluster -> what it keeps, and the function that tries again."
  type        = map(object({ table_arn = string, ingest_arn = string }))
}

locals {
  tables = [for cluster in var.clusters : cluster.table_arn]
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "State"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
    resources = local.tables
  }

  statement {
    sid       = "NewestAndDead"
    actions   = ["dynamodb:Query"]
    resources = [for arn in local.tables : "${arn}/index/due"]
  }

  # Deliveries that were given up go back in line; rules are staged and promoted.
  dynamic "statement" {
    for_each = var.retries ? [1] : []
    content {
      sid       = "Decisions"
      actions   = ["dynamodb:UpdateItem"]
      resources = local.tables
    }
  }

  # What is in quarantine is tried again by the function that has the rules.
  dynamic "statement" {
    for_each = var.retries ? [1] : []
    content {
      sid       = "TryAgain"
      actions   = ["lambda:InvokeFunction"]
      resources = [for cluster in var.clusters : cluster.ingest_arn]
    }
  }

  statement {
    sid       = "LargeRecords"
    actions   = ["s3:GetObject"]
    resources = concat(["${var.lake.arn}/large/*"], var.retries ? ["${var.lake.arn}/quarantine/*"] : [])
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt"]
    resources = [var.key_arn]
  }
}

module "function" {
  source          = "../function"
  name            = "${var.prefix}-api"
  description     = "StreamAlert: answers what happened."
  package         = var.package
  key_arn         = var.key_arn
  memory_mb       = 512
  timeout_seconds = 30
  concurrency     = 5
  reserve         = var.reserve
  log_days        = var.log_days
  environment = {
    STREAMALERT_PREFIX   = var.prefix
    STREAMALERT_LAKE     = var.lake.name
    STREAMALERT_CLUSTERS = join(",", sort(keys(var.clusters)))
  }
  policy_json = [data.aws_iam_policy_document.this.json]
}

resource "aws_lambda_function_url" "this" {
  function_name      = module.function.name
  authorization_type = "AWS_IAM"
}

# A function's address asks for both since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
resource "aws_lambda_permission" "url" {
  for_each = toset(var.callers)

  statement_id           = "url-${substr(sha256(each.key), 0, 16)}"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = module.function.name
  principal              = each.key
  function_url_auth_type = "AWS_IAM"
}

# Through the address only: who called the function itself could say that he is anybody.
resource "aws_lambda_permission" "invoke" {
  for_each = toset(var.callers)

  statement_id             = "invoke-${substr(sha256(each.key), 0, 16)}"
  action                   = "lambda:InvokeFunction"
  function_name            = module.function.name
  principal                = each.key
  invoked_via_function_url = true
}

output "name" { value = module.function.name }
output "url" { value = aws_lambda_function_url.this.function_url }

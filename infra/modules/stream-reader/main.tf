# Reads a stream from its oldest record. What fails is tried in ever smaller parts, then leaves for the bucket of what failed: it holds nothing up.

variable "stream_arn" { type = string }
variable "function_arn" { type = string }
variable "failed_arn" { type = string }

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn                   = var.stream_arn
  function_name                      = var.function_arn
  starting_position                  = "TRIM_HORIZON"
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 1
  parallelization_factor             = 2
  bisect_batch_on_function_error     = true
  maximum_retry_attempts             = 100
  function_response_types            = ["ReportBatchItemFailures"]

  destination_config {
    on_failure {
      destination_arn = var.failed_arn
    }
  }
}

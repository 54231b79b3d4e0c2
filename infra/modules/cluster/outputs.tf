output "queue_url" { value = module.queue.url }
output "queue_arn" { value = module.queue.arn }
output "stream_arns" { value = { for name, stream in aws_kinesis_stream.this : name => stream.arn } }
output "bucket_names" { value = { for name, bucket in module.bucket : name => bucket.name } }
output "table_arn" { value = local.table_arn }
output "table_name" { value = aws_dynamodb_table.state.name }
output "http_url" { value = var.settings.http ? aws_lambda_function_url.this[0].function_url : null }

output "watched" {
  description = "What alarms look at."
  value = {
    functions = [module.ingest.name, module.dispatch.name]
    failed    = module.queue.failed_name
    queue     = module.queue.name
    streams   = [for stream in aws_kinesis_stream.this : stream.name]
  }
}

output "policies" {
  description = "For the tests: what each function may do."
  value       = { ingest = module.ingest.policy_json, dispatch = module.dispatch.policy_json }
}

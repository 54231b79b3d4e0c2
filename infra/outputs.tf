output "api_url" {
  description = "What answers what happened; null without its package."
  value       = one(module.api[*].url)
}

output "queues" {
  description = "Cluster -> the queue that buckets announce their objects in."
  value       = { for name, cluster in module.cluster : name => { url = cluster.queue_url, arn = cluster.queue_arn } }
}

output "streams" {
  description = "Cluster -> streams that were made."
  value       = { for name, cluster in module.cluster : name => cluster.stream_arns }
}

output "buckets" {
  description = "Cluster -> buckets that were made."
  value       = { for name, cluster in module.cluster : name => cluster.bucket_names }
}

output "http" {
  description = "Cluster -> address for HTTP, where there is one."
  value       = { for name, cluster in module.cluster : name => cluster.http_url }
}

output "alarm_topic" {
  description = "Topic that alarms are told on."
  value       = module.monitoring.topic_arn
}

output "athena" {
  description = "Where to ask the history."
  value       = { database = module.lake.database, workgroup = module.lake.workgroup }
}

output "data_key" {
  description = "Key that data is encrypted with: other accounts that write need a policy of their own that names it."
  value       = module.data_key.arn
}

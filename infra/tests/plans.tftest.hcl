# The configurations in this folder, each as `streamalert build` writes it from its streamalert.yaml. What holds for every resource of every
# plan is said in infra.test.ts. By hand: `node infra/offline/provider.ts` prints what belongs into TF_REATTACH_PROVIDERS; then
# `terraform init -backend=false && terraform test`.

run "smallest" {
  command = plan
  variables {
    prefix              = jsondecode(file("tests/smallest/variables.json")).prefix
    region              = jsondecode(file("tests/smallest/variables.json")).region
    tags                = jsondecode(file("tests/smallest/variables.json")).tags
    packages            = jsondecode(file("tests/smallest/variables.json")).packages
    clusters            = jsondecode(file("tests/smallest/variables.json")).clusters
    outputs             = jsondecode(file("tests/smallest/variables.json")).outputs
    history             = jsondecode(file("tests/smallest/variables.json")).history
    tables              = jsondecode(file("tests/smallest/variables.json")).tables
    alarms              = jsondecode(file("tests/smallest/variables.json")).alarms
    api                 = jsondecode(file("tests/smallest/variables.json")).api
    log_days            = jsondecode(file("tests/smallest/variables.json")).log_days
    deletion_protection = jsondecode(file("tests/smallest/variables.json")).deletion_protection
    reserve_concurrency = jsondecode(file("tests/smallest/variables.json")).reserve_concurrency
  }
  assert {
    condition     = output.api_url == null
    error_message = "Nothing that answers was asked for."
  }
  assert {
    condition     = length(output.streams.prod) + length(output.buckets.prod) == 0
    error_message = "Nothing that logs come through was asked for."
  }
  assert {
    condition     = startswith(output.data_key, "arn:aws:kms:")
    error_message = "Who writes from another account needs to know the key."
  }
}

run "clusters" {
  command = plan
  variables {
    prefix              = jsondecode(file("tests/clusters/variables.json")).prefix
    region              = jsondecode(file("tests/clusters/variables.json")).region
    tags                = jsondecode(file("tests/clusters/variables.json")).tags
    packages            = jsondecode(file("tests/clusters/variables.json")).packages
    clusters            = jsondecode(file("tests/clusters/variables.json")).clusters
    outputs             = jsondecode(file("tests/clusters/variables.json")).outputs
    history             = jsondecode(file("tests/clusters/variables.json")).history
    tables              = jsondecode(file("tests/clusters/variables.json")).tables
    alarms              = jsondecode(file("tests/clusters/variables.json")).alarms
    api                 = jsondecode(file("tests/clusters/variables.json")).api
    log_days            = jsondecode(file("tests/clusters/variables.json")).log_days
    deletion_protection = jsondecode(file("tests/clusters/variables.json")).deletion_protection
    reserve_concurrency = jsondecode(file("tests/clusters/variables.json")).reserve_concurrency
  }
  assert {
    condition     = output.buckets.pci.trail == "acme-pci-trail-123456789012"
    error_message = "Buckets are named by prefix, cluster, name and account."
  }
  assert {
    condition     = output.streams.prod.logs != output.streams.pci.logs
    error_message = "Each cluster has a stream of its own."
  }
  assert {
    condition     = output.http.office != null && output.http.prod == null
    error_message = "Only the cluster that asks for it has an address."
  }
}

run "everything" {
  command = plan
  variables {
    prefix              = jsondecode(file("tests/everything/variables.json")).prefix
    region              = jsondecode(file("tests/everything/variables.json")).region
    tags                = jsondecode(file("tests/everything/variables.json")).tags
    packages            = jsondecode(file("tests/everything/variables.json")).packages
    clusters            = jsondecode(file("tests/everything/variables.json")).clusters
    outputs             = jsondecode(file("tests/everything/variables.json")).outputs
    history             = jsondecode(file("tests/everything/variables.json")).history
    tables              = jsondecode(file("tests/everything/variables.json")).tables
    alarms              = jsondecode(file("tests/everything/variables.json")).alarms
    api                 = jsondecode(file("tests/everything/variables.json")).api
    log_days            = jsondecode(file("tests/everything/variables.json")).log_days
    deletion_protection = jsondecode(file("tests/everything/variables.json")).deletion_protection
    reserve_concurrency = jsondecode(file("tests/everything/variables.json")).reserve_concurrency
  }
  assert {
    condition     = output.api_url != null
    error_message = "The package of api makes it."
  }
  assert {
    condition     = output.alarm_topic == "arn:aws:sns:eu-central-1:123456789012:on-call"
    error_message = "The topic that is there is told."
  }
}

run "existing" {
  command = plan
  variables {
    prefix              = jsondecode(file("tests/existing/variables.json")).prefix
    region              = jsondecode(file("tests/existing/variables.json")).region
    tags                = jsondecode(file("tests/existing/variables.json")).tags
    packages            = jsondecode(file("tests/existing/variables.json")).packages
    clusters            = jsondecode(file("tests/existing/variables.json")).clusters
    outputs             = jsondecode(file("tests/existing/variables.json")).outputs
    history             = jsondecode(file("tests/existing/variables.json")).history
    tables              = jsondecode(file("tests/existing/variables.json")).tables
    alarms              = jsondecode(file("tests/existing/variables.json")).alarms
    api                 = jsondecode(file("tests/existing/variables.json")).api
    log_days            = jsondecode(file("tests/existing/variables.json")).log_days
    deletion_protection = jsondecode(file("tests/existing/variables.json")).deletion_protection
    reserve_concurrency = jsondecode(file("tests/existing/variables.json")).reserve_concurrency
  }
  assert {
    condition     = length(output.streams.prod) + length(output.buckets.prod) == 0
    error_message = "What is there is not made again."
  }
}

run "firehose" {
  command = plan
  variables {
    prefix              = jsondecode(file("tests/firehose/variables.json")).prefix
    region              = jsondecode(file("tests/firehose/variables.json")).region
    tags                = jsondecode(file("tests/firehose/variables.json")).tags
    packages            = jsondecode(file("tests/firehose/variables.json")).packages
    clusters            = jsondecode(file("tests/firehose/variables.json")).clusters
    outputs             = jsondecode(file("tests/firehose/variables.json")).outputs
    history             = jsondecode(file("tests/firehose/variables.json")).history
    tables              = jsondecode(file("tests/firehose/variables.json")).tables
    alarms              = jsondecode(file("tests/firehose/variables.json")).alarms
    api                 = jsondecode(file("tests/firehose/variables.json")).api
    log_days            = jsondecode(file("tests/firehose/variables.json")).log_days
    deletion_protection = jsondecode(file("tests/firehose/variables.json")).deletion_protection
    reserve_concurrency = jsondecode(file("tests/firehose/variables.json")).reserve_concurrency
  }
  assert {
    condition     = length(module.firehose["prod"].watched.streams) == length(var.tables) && length(module.lake.functions) == 0
    error_message = "Each table has a delivery stream of the cluster, and nothing compacts."
  }
  assert {
    condition     = length(setintersection(module.firehose["prod"].watched.streams, module.firehose["pci"].watched.streams)) == 0
    error_message = "Each cluster has delivery streams of its own."
  }
}

# What no name in AWS can be made of, and what nobody knows, is refused before anything is asked.
run "names" {
  command         = plan
  expect_failures = [var.prefix, var.clusters, var.history]
  variables {
    prefix   = "Acme!"
    region   = "eu-central-1"
    packages = { ingest = "tests/function.txt", dispatch = "tests/function.txt" }
    clusters = { "no such name" = {} }
    history  = { writer = "kafka" }
  }
}

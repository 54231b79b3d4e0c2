terraform {
  required_version = ">= 1.11"

  # This one version: the one whose arguments these modules were checked against. A newer StreamAlert brings a newer one.
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.66.0"
    }
  }

  # Where the state lies is told to `terraform init` by `streamalert deploy`: an encrypted, versioned bucket of its own.
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = merge(var.tags, { "streamalert" = var.prefix })
  }
}

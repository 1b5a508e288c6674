interface Endpoints {
  readonly transcoder: string;
  readonly secretsManager: string;
  readonly secret: string;
}

/** Providers with transcoder keys from a secret, read by an ephemeral block. */
const providers = ({ transcoder, secretsManager, secret }: Endpoints): string => `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "AKIATEST"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  max_retries                 = 2
  endpoints { secretsmanager = "${secretsManager}" }
}

ephemeral "aws_secretsmanager_secret_version" "keys" {
  secret_id = "${secret}"
}

locals {
  key = jsondecode(ephemeral.aws_secretsmanager_secret_version.keys.secret_string)
}

provider "aws" {
  alias                       = "transcoder"
  region                      = "us-east-1"
  access_key                  = local.key.accessKeyId
  secret_key                  = local.key.secretAccessKey
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  max_retries                 = 2
  endpoints { elastictranscoder = "${transcoder}" }
}
`;

/** A pipeline and a preset with the required fields only. */
export const minimalConfiguration = (endpoints: Endpoints): string => `${providers(endpoints)}
resource "aws_elastictranscoder_pipeline" "minimal" {
  provider      = aws.transcoder
  name          = "minimal"
  input_bucket  = "input"
  output_bucket = "output"
  role          = "arn:aws:iam::123456789012:role/transcoder"
}

resource "aws_elastictranscoder_preset" "minimal" {
  provider  = aws.transcoder
  container = "mp3"
  audio {
    audio_packing_mode = "SingleTrack"
    bit_rate           = 320
    channels           = 2
    codec              = "mp3"
    sample_rate        = 44100
  }
}
`;

/** Both with every field of the provider; role, topic and grant can be updated in place. */
export const fullConfiguration = (endpoints: Endpoints): string => `${minimalConfiguration(endpoints)}
variable "role" {
  default = "transcoder"
}

variable "topic" {
  default = "done"
}

variable "storage" {
  default = "Standard"
}

variable "grant" {
  default = "Read"
}

resource "aws_elastictranscoder_pipeline" "full" {
  provider        = aws.transcoder
  name            = "full-of-settings"
  input_bucket    = "input"
  role            = "arn:aws:iam::123456789012:role/\${var.role}"
  aws_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/12345678"
  content_config {
    bucket        = "films"
    storage_class = var.storage
  }
  content_config_permissions {
    grantee_type = "Group"
    grantee      = "AllUsers"
    access       = [var.grant]
  }
  thumbnail_config {
    bucket        = "stills"
    storage_class = "ReducedRedundancy"
  }
  thumbnail_config_permissions {
    grantee_type = "Canonical"
    grantee      = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    access       = ["Read", "ReadAcp"]
  }
  notifications {
    completed = "arn:aws:sns:us-east-1:000000000000:\${var.topic}"
    error     = "arn:aws:sns:us-east-1:000000000000:failed"
  }
}

resource "aws_elastictranscoder_preset" "full" {
  provider    = aws.transcoder
  container   = "mp4"
  name        = "full"
  description = "All settings"
  audio {
    audio_packing_mode = "SingleTrack"
    bit_rate           = 96
    channels           = 2
    codec              = "AAC"
    sample_rate        = 44100
  }
  audio_codec_options {
    profile = "AAC-LC"
  }
  video {
    bit_rate             = "1600"
    codec                = "H.264"
    display_aspect_ratio = "16:9"
    fixed_gop            = "false"
    frame_rate           = "auto"
    max_frame_rate       = "60"
    keyframes_max_dist   = 240
    max_height           = "auto"
    max_width            = "auto"
    padding_policy       = "Pad"
    sizing_policy        = "Fit"
  }
  video_codec_options = {
    Profile                  = "main"
    Level                    = "2.2"
    MaxReferenceFrames       = 3
    InterlacedMode           = "Progressive"
    ColorSpaceConversionMode = "None"
  }
  video_watermarks {
    id                = "Corner"
    max_width         = "20%"
    max_height        = "20%"
    sizing_policy     = "ShrinkToFit"
    horizontal_align  = "Right"
    horizontal_offset = "10px"
    vertical_align    = "Bottom"
    vertical_offset   = "10px"
    opacity           = "55.5"
    target            = "Content"
  }
  thumbnails {
    format         = "png"
    interval       = 120
    max_width      = "auto"
    max_height     = "auto"
    padding_policy = "Pad"
    sizing_policy  = "Fit"
  }
}

resource "aws_elastictranscoder_preset" "sized" {
  provider  = aws.transcoder
  container = "webm"
  name      = "sized in the old way"
  audio {
    bit_rate    = "auto"
    channels    = "auto"
    codec       = "vorbis"
    sample_rate = "auto"
  }
  video {
    bit_rate           = "auto"
    codec              = "vp8"
    fixed_gop          = "true"
    frame_rate         = "29.97"
    keyframes_max_dist = 60
    resolution         = "640x360"
    aspect_ratio       = "16:9"
  }
  video_codec_options = {
    Profile = "0"
  }
  thumbnails {
    format       = "jpg"
    interval     = 10
    resolution   = "320x180"
    aspect_ratio = "16:9"
  }
}

resource "aws_elastictranscoder_preset" "lossless" {
  provider  = aws.transcoder
  container = "wav"
  name      = "lossless"
  audio {
    channels    = 2
    codec       = "pcm"
    sample_rate = 48000
  }
  audio_codec_options {
    bit_depth = "16"
    bit_order = "LittleEndian"
    signed    = "Signed"
  }
}
`;

/** Fields that are stored and returned without effect, and why. */
export const recorded: Readonly<Record<string, string>> = {
  "Input.FrameRate": "the worker looks itself",
  "Input.Resolution": "the worker looks itself",
  "Input.AspectRatio": "the worker looks itself",
  "Input.Interlaced": "the worker looks itself",
  "Input.Container": "the worker looks itself",
  AwsKmsKeyArn: "encryption is the buckets' own",
};
/** Fields that are accepted and replaced by measured values. */
export const replaced: Readonly<Record<string, string>> = {
  "Input.DetectedProperties": "shows what the worker found",
};

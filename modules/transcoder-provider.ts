import { AwsProvider } from "#aws/provider";
import { TerraformVariable } from "#cdktf";
import { transcoderEndpoint } from "./function-environment.ts";
import type { StageStack } from "./stack.ts";
import { readTranscoderKey } from "./transcoder-keys.ts";

/**
 * The provider that speaks to the transcoder instead of AWS. Which secret its key comes from is a variable: those
 * who only plan have no other than the one that reads.
 */
export const createTranscoderProvider = (stack: StageStack): AwsProvider => {
  const secret = new TerraformVariable(stack, "transcoder_secret", {
    type: "string",
    default: stack.names.transcoderKeys,
    description: `Secret of the transcoder's key: ${stack.names.transcoderReadKey} is enough to plan`,
  });
  const key = readTranscoderKey(stack, secret.stringValue);
  return new AwsProvider(stack, "transcoder", {
    alias: "transcoder",
    region: stack.deployment.region,
    accessKey: key.accessKeyId,
    secretKey: key.secretAccessKey,
    // The transcoder's keys are its own: AWS knows nothing of them.
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: "true",
    endpoints: [{ elastictranscoder: transcoderEndpoint(stack) }],
  });
};

import { AwsProvider } from "#aws/provider";
import { Fn, Op, TerraformVariable, Token } from "#cdktf";
import { getTranscoderEndpoint } from "./function-environment.ts";
import type { StageStack } from "./stack.ts";
import { readTranscoderKey } from "./transcoder-keys.ts";

/**
 * The provider that speaks to the transcoder instead of AWS. Which of its keys is a variable: those who only plan
 * may read no other than the one that reads.
 */
export const createTranscoderProvider = (stack: StageStack): AwsProvider => {
  const scope = new TerraformVariable(stack, "transcoder_scope", {
    type: "string",
    default: "full",
    description: "Scope of the transcoder's key that Terraform uses: read is enough to plan",
    validation: [
      {
        condition: `\${contains(["full", "read"], var.transcoder_scope)}`,
        errorMessage: "The scope is full or read.",
      },
    ],
  });
  // Told by the stack that makes the secrets, not computed: a plan would look for them before they are there.
  const secret = Fn.conditional(
    Op.eq(scope.stringValue, "read"),
    stack.importOutput("transcoder", "read_key_secret_arn"),
    stack.importOutput("transcoder", "keys_secret_arn"),
  );
  const key = readTranscoderKey(stack, Token.asString(secret));
  return new AwsProvider(stack, "transcoder", {
    alias: "transcoder",
    region: stack.deployment.region,
    accessKey: key.accessKeyId,
    secretKey: key.secretAccessKey,
    // The transcoder's keys are its own: AWS knows nothing of them.
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: "true",
    endpoints: [{ elastictranscoder: getTranscoderEndpoint(stack) }],
  });
};

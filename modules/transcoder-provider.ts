import { AwsProvider } from "#aws/provider";
import { Fn, Op, TerraformVariable, Token } from "#cdktf";
import { getTranscoderEndpoint } from "./function-environment.ts";
import type { StageStack } from "./stack.ts";
import { readTranscoderKey } from "./transcoder-keys.ts";

/**
 * Creates the provider for the transcoder API. A variable selects the scope of its key, because read-only credentials
 * can read only the key of scope `read`.
 */
export const createTranscoderProvider = (stack: StageStack): AwsProvider => {
  const scope = new TerraformVariable(stack, "transcoder_scope", {
    type: "string",
    default: "full",
    description: "Scope of the transcoder key that Terraform uses: full, or read for plans only",
    validation: [
      {
        condition: `\${contains(["full", "read"], var.transcoder_scope)}`,
        errorMessage: "The scope must be full or read.",
      },
    ],
  });
  // An output of the stack with the secrets, not computed: a plan must not read them before they exist.
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
    // The transcoder's keys are not AWS credentials.
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: "true",
    endpoints: [{ elastictranscoder: getTranscoderEndpoint(stack) }],
  });
};

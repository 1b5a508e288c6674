import { formatError } from "../../pipeline/errors/errors.ts";
import { type CheckResult, failure, ok } from "../../pipeline/text/check-result.ts";
import { readTerraformVersion, TerraformUnavailableError } from "../runner/terraform-process.ts";

/** Checks that Terraform is installed and recent enough. */
export const runTerraformCheck = async (directory: string): Promise<CheckResult> => {
  try {
    return ok("terraform", `Terraform ${await readTerraformVersion(directory)}`);
  } catch (cause) {
    if (!(cause instanceof TerraformUnavailableError)) throw cause;
    return failure(
      "terraform",
      formatError(cause),
      "Install Terraform 1.11 or later, and check it with: terraform version",
    );
  }
};

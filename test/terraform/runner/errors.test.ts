import { expect } from "chai";
import {
  classifyError,
  MissingStateBucketError,
  MissingStateError,
  StateLockedError,
  TerraformError,
} from "../../../terraform/runner/errors.ts";
import { diagnosticSchema } from "../../../terraform/runner/messages.ts";

const failure = (diagnostic: Readonly<Record<string, unknown>>) =>
  classifyError(
    "terraform plan of dev-routing",
    "dev-routing",
    new Map([["compute-state", "compute"]]),
    [diagnosticSchema.parse({ severity: "error", ...diagnostic })],
    "",
  );

/** As Terraform 1.11.4 prints it of S3's own lock. */
const lockInfo = `Error message: operation error S3: PutObject, https response error StatusCode: 412, api error
PreconditionFailed: At least one of the pre-conditions you specified did not hold
Lock Info:
  ID:        53428a41-46ad-7b18-28d6-637af4646c13
  Path:      reelway-dev-state/dev/routing.tfstate
  Operation: OperationTypeApply
  Who:       ann@laptop
  Version:   1.11.4
  Created:   2026-11-21 11:33:14.634123456 +0000 UTC
  Info:      

Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.`;

describe("Terraform errors", () => {
  it("report the lock holder, time and operation", () => {
    const failed = failure({ summary: "Error acquiring the state lock", detail: lockInfo });

    expect(failed).to.be.instanceOf(StateLockedError);
    expect(failed).to.deep.include({
      id: "53428a41-46ad-7b18-28d6-637af4646c13",
      who: "ann@laptop",
      operation: "apply",
      created: new Date("2026-11-21T11:33:14.634Z"),
      stackName: "dev-routing",
    });
    expect(failed.message).to.match(
      /locked by ann@laptop since 2026-11-21T11:33:14\.634Z \(apply\)\. .*force-unlock 53428a41/,
    );
  });

  it("say how to set credentials that are missing or expired", () => {
    // As Terraform 1.11.4 prints them for the S3 backend and for the provider.
    const missing = ["No valid credential sources found", "Error: No valid credential sources found"].map(
      (summary) => failure({ summary, detail: "Error: failed to refresh cached credentials" }).message,
    );
    const expired = failure({
      summary: "Error: Retrieving caller identity from STS",
      detail:
        "operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error ExpiredToken: The security token included in the request is expired",
    }).message;

    expect([...new Set(missing)]).to.deep.equal([
      "No AWS credentials found. Set AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in, e.g. with: aws sso login",
    ]);
    expect(expired).to.equal("The AWS credentials have expired. Get new ones and run the command again.");
  });

  it("report a lock with an unreadable holder", () => {
    const detail = lockInfo.replace(/Lock Info:[\s\S]*UTC\n {2}Info: {6}/, "failed to unmarshal JSON data");

    const failed = failure({ summary: "Error acquiring the state lock", detail });

    expect(failed).to.be.instanceOf(StateLockedError).with.property("created", undefined);
    expect(failed.message).to.match(/could not be read.*Try again/);
  });

  it("do not report a lock if the bucket denied the request for another reason", () => {
    const failed = failure({
      summary: "Error acquiring the state lock",
      detail: "Error message: operation error S3: PutObject, StatusCode: 403, AccessDenied",
    });

    expect(failed).to.be.instanceOf(TerraformError).with.property("message").that.includes("AccessDenied");
  });

  it("report the missing state of another stack", () => {
    const failed = failure({
      summary: "Unable to find remote state",
      detail: "No stored state was found for the given workspace in the given backend.",
      address: "data.terraform_remote_state.compute-state",
      snippet: { code: "      }", context: "data.terraform_remote_state.compute-state" },
    });

    expect(failed).to.be.instanceOf(MissingStateError);
    expect(failed).to.include({ upstream: "compute", output: undefined });
    expect(failed.message).to.include("Deploy compute first");
  });

  it("report a missing output of another stack's state", () => {
    const failed = failure({
      summary: "Unsupported attribute",
      detail: 'This object does not have an attribute named "subnet_ids".',
      address: "aws_ecs_service.worker",
      snippet: { code: `"subnets": "\${data.terraform_remote_state.compute-state.outputs.subnet_ids}",` },
    });

    expect(failed).to.be.instanceOf(MissingStateError);
    expect(failed).to.include({ upstream: "compute", output: "subnet_ids" });
  });

  it("report a missing state bucket", () => {
    const failed = failure({
      summary: 'Failed to get existing workspaces: S3 bucket "reelway-dev-state" does not exist.',
    });

    expect(failed).to.be.instanceOf(MissingStateBucketError).with.property("bucket", "reelway-dev-state");
  });

  it("fall back to Terraform's message, with the address and without warnings", () => {
    const warning = diagnosticSchema.parse({ severity: "warning", summary: "Deprecated" });
    const error = diagnosticSchema.parse({
      severity: "error",
      summary: "creating SSM Parameter",
      detail: "AccessDenied",
      address: "aws_ssm_parameter.only",
    });

    const { message } = classifyError("terraform apply of dev-a", "dev-a", new Map(), [warning, error], "");

    expect(message).to.equal(
      "terraform apply of dev-a failed.\naws_ssm_parameter.only: creating SSM Parameter\nAccessDenied",
    );
  });

  it("fall back to other output without diagnostics", () => {
    expect(classifyError("terraform init of dev-a", "dev-a", new Map(), [], "killed\n").message).to.match(
      /killed$/,
    );
  });
});

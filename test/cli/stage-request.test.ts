import { NoSuchBucket } from "@aws-sdk/client-s3";
import { ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { toSecretFailure, toStoreFailure, toTableFailure } from "../../adapters/aws/store-failure.ts";
import { createStageRequest } from "../../cli/actions/stage-request.ts";
import { UsageError, UserError } from "../../pipeline/errors/errors.ts";

const exception = { message: "It does not exist.", $metadata: { httpStatusCode: 400 } };
const denied = Object.assign(new Error("User: arn is not authorized"), { name: "AccessDeniedException" });

/** Returns what a request rejects with. */
const reject = async (cause: unknown, operatorPolicy?: string): Promise<unknown> => {
  const request = createStageRequest({
    stage: "dev",
    region: "eu-west-1",
    ...(operatorPolicy === undefined ? {} : { operatorPolicy }),
  });
  return request(() => Promise.reject(cause)).then(
    () => "resolved",
    (error: unknown) => error,
  );
};

describe("a request to a stage", () => {
  for (const [what, cause] of [
    ["bucket", toStoreFailure("Starting the upload failed", new NoSuchBucket(exception))],
    ["secret", toSecretFailure("Reading the secret failed", new ResourceNotFoundException(exception))],
    ["table", toTableFailure("Listing jobs failed", new ResourceNotFoundException(exception))],
  ] as const)
    it(`says that the stage is not deployed if its ${what} does not exist`, async () => {
      const error = await reject(cause);
      expect(error).to.be.instanceOf(UserError);
      expect(error)
        .to.have.property("message")
        .that.matches(
          /It does not exist\. Stage dev is not deployed in this account and Region\. Check the account /,
        )
        .and.matches(/npx reelway deploy --stage dev$/);
    });

  it("names the policy that allows it, if there is one", async () => {
    const cause = toStoreFailure("Listing jobs failed", denied);
    expect(await reject(cause, "reelway-dev-operator"))
      .to.have.property("message")
      .that.includes("Attach the policy reelway-dev-operator ");
    expect(await reject(cause)).to.equal(cause);
  });

  it("leaves errors of the user and unknown ones as they are, and returns results", async () => {
    for (const cause of [
      new UsageError("Unknown stage."),
      new TypeError("x is not a function"),
      // Of which service it is, is not known: a function may be missing in a deployed stage.
      new ResourceNotFoundException(exception),
    ])
      expect(await reject(cause)).to.equal(cause);
    expect(await createStageRequest({ stage: "dev", region: "eu-west-1" })(async () => 7)).to.equal(7);
  });
});

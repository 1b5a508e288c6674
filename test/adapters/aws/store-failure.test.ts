import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { toStoreFailure, toTableFailure } from "../../../adapters/aws/store-failure.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { startScriptedService } from "./scripted-service.ts";

const buildError = (name: string, more: object = {}) => Object.assign(new Error("why"), { name, ...more });
const status = (httpStatusCode: number) => buildError("Odd", { $metadata: { httpStatusCode } });

describe("failures of AWS", () => {
  for (const [kind, causes] of [
    ["missing", [buildError("NoSuchKey"), buildError("NotFound"), status(404)]],
    ["bucket-not-found", [buildError("NoSuchBucket", { $metadata: { httpStatusCode: 404 } })]],
    [
      "denied",
      [
        buildError("AccessDenied"),
        buildError("AccessDeniedException"),
        status(403),
        buildError("KMS.DisabledException", { $metadata: { httpStatusCode: 400 } }),
        buildError("KMS.NotFoundException", { $metadata: { httpStatusCode: 400 } }),
      ],
    ],
    ["archived", [buildError("InvalidObjectState", { $metadata: { httpStatusCode: 403 } })]],
    [
      "precondition",
      [buildError("ConditionalCheckFailedException"), buildError("PreconditionFailed"), status(412)],
    ],
    ["invalid", [buildError("KeyTooLongError"), buildError("MetadataTooLarge")]],
    [
      "transient",
      [
        buildError("ThrottlingException"),
        buildError("ProvisionedThroughputExceededException"),
        buildError("ExpiredTokenException"),
        buildError("Error", { code: "ECONNRESET" }),
        buildError("KMS.ThrottlingException", { $metadata: { httpStatusCode: 503 } }),
        status(500),
        status(503),
      ],
    ],
    [
      "unknown",
      [buildError("ValidationException"), status(400), new Error("why"), "a text", undefined, null],
    ],
  ] as const)
    it(`classifies ${kind} failures by name, code or status, and marks only transient ones as retryable`, () => {
      for (const cause of causes) {
        const failure = toStoreFailure("Reading a failed", cause);
        expect(failure).to.include({ kind, retryable: kind === "transient", cause });
      }
    });

  it("reports what failed and why, once", () => {
    const failure = toStoreFailure("Reading a failed", buildError("NoSuchKey"));
    expect(failure.message).to.equal("Reading a failed: why");
    expect(toStoreFailure("Listing failed", failure)).to.equal(failure);
    expect(failure).to.be.instanceOf(StoreFailure);
  });

  it("tells a missing table from a missing resource of another service", () => {
    const cause = buildError("ResourceNotFoundException", { $metadata: { httpStatusCode: 400 } });
    expect(toTableFailure("Reading a failed", cause)).to.include({
      kind: "table-not-found",
      message: "Reading a failed: why",
      retryable: false,
      cause,
    });
    expect(toTableFailure("Reading a failed", status(500))).to.include({ kind: "transient" });
    expect(toStoreFailure("Reading a failed", cause)).to.include({ kind: "unknown" });
  });

  it("treats a proxy's 502 page as transient", async () => {
    const service = await startScriptedService(() => ({
      status: 502,
      headers: { "Content-Type": "text/html" },
      body: "<html>Bad gateway</html>",
    }));
    const client = new DynamoDBClient({ ...service.client, maxAttempts: 1 });
    const cause = await client
      .send(new GetItemCommand({ TableName: "jobs", Key: { id: { S: "1" } } }))
      .catch((error: unknown) => error);
    await service.close();
    expect(toStoreFailure("Reading failed", cause)).to.include({ kind: "transient" });
  });
});

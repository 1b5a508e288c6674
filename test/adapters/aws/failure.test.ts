import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { toStoreFailure } from "../../../adapters/aws/store-failure.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { startScriptedService } from "./scripted-service.ts";

const named = (name: string, more: object = {}) => Object.assign(new Error("why"), { name, ...more });
const status = (httpStatusCode: number) => named("Odd", { $metadata: { httpStatusCode } });

describe("failures of AWS", () => {
  for (const [kind, causes] of [
    ["missing", [named("NoSuchKey"), named("NotFound"), status(404)]],
    ["bucket-not-found", [named("NoSuchBucket", { $metadata: { httpStatusCode: 404 } })]],
    ["denied", [named("AccessDenied"), named("AccessDeniedException"), status(403)]],
    ["precondition", [named("ConditionalCheckFailedException"), named("PreconditionFailed"), status(412)]],
    ["invalid", [named("KeyTooLongError"), named("MetadataTooLarge")]],
    [
      "transient",
      [
        named("ThrottlingException"),
        named("ProvisionedThroughputExceededException"),
        named("ExpiredTokenException"),
        named("Error", { code: "ECONNRESET" }),
        status(500),
        status(503),
      ],
    ],
    ["unknown", [named("ValidationException"), status(400), new Error("why"), "a text", undefined, null]],
  ] as const)
    it(`are ${kind} by their name, code or status, and only what is temporary may be tried again`, () => {
      for (const cause of causes) {
        const failure = toStoreFailure("Reading a failed", cause);
        expect(failure).to.include({ kind, retryable: kind === "transient", cause });
      }
    });

  it("say what failed and why, once", () => {
    const failure = toStoreFailure("Reading a failed", named("NoSuchKey"));
    expect(failure.message).to.equal("Reading a failed: why");
    expect(toStoreFailure("Listing failed", failure)).to.equal(failure);
    expect(failure).to.be.instanceOf(StoreFailure);
  });

  it("are temporary where a proxy answers 502 with a page of its own", async () => {
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

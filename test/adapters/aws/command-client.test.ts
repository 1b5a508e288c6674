import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { commandClientOptions } from "../../../adapters/aws/command-client.ts";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

describe("the AWS clients of commands", () => {
  it("end if a proxy accepts the connection and answers nothing", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const client = new DynamoDBClient({
      requestHandler: { ...commandClientOptions.requestHandler, requestTimeout: 20 },
      endpoint: `http://127.0.0.1:${address.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
    try {
      const store = createDynamoJobStore(client, "jobs", { now: () => new Date() });
      const cause = await store.read("a").catch((error: unknown) => error);

      expect(cause).to.be.instanceOf(StoreFailure);
      expect(cause instanceof StoreFailure && cause.kind).to.equal("transient");
    } finally {
      client.destroy();
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});

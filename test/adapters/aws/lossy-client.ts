import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { LocalDatabase } from "../../../adapters/local/database.ts";

/** A client of the embedded database that loses responses, as a broken connection does. */
export interface LossyClient {
  readonly client: DynamoDBClient;
  /** Loses the first response of an operation, and fails if it makes no request. */
  withLostAnswer<Answer>(act: () => Promise<Answer>): Promise<Answer>;
}

export const createLossyClient = (database: LocalDatabase): LossyClient => {
  /** Number of responses still to lose. */
  let answersToLose = 0;
  const { requestHandler } = database.client.config;
  const client = new DynamoDBClient({
    endpoint: "http://127.0.0.1",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: {
      async handle(...args: Parameters<typeof requestHandler.handle>) {
        const answer = await requestHandler.handle(...args);
        if (answersToLose === 0) return answer;
        answersToLose -= 1;
        throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });
      },
    },
  });
  return {
    client,
    async withLostAnswer(act) {
      answersToLose = 1;
      const answer = await act();
      expect(answersToLose, "an answer was lost").to.equal(0);
      return answer;
    },
  };
};

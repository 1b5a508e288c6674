import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import type { createTranscoderApi } from "../../lambdas/transcoder-api/app.ts";
import { keys } from "../lambdas/transcoder-api/service.ts";

/** The part of the client's request that the API reads. */
interface ClientRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const buildQuery = (query: ClientRequest["query"] = {}): string => {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === "" ? "" : `?${text}`;
};

/** The service's own client, which calls the API in this process without retries. */
export const createInProcessClient = (api: ReturnType<typeof createTranscoderApi>): ElasticTranscoderClient =>
  new ElasticTranscoderClient({
    endpoint: "http://transcoder.local",
    region: "us-east-1",
    credentials: keys[0],
    maxAttempts: 1,
    requestHandler: {
      async handle({ method, hostname, path, query, headers, body }: ClientRequest) {
        const answer = await api.fetch(
          new Request(`http://${hostname}${path}${buildQuery(query)}`, {
            method,
            headers,
            ...(typeof body === "string" && body !== "" ? { body } : {}),
          }),
        );
        return {
          response: {
            statusCode: answer.status,
            headers: Object.fromEntries(answer.headers),
            body: Buffer.from(await answer.arrayBuffer()),
          },
        };
      },
    },
  });

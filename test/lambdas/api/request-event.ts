import type { LambdaEvent } from "hono/aws-lambda";

/** A request event of an HTTP API (API Gateway developer guide, payload format 2.0). */
export const createRequestEvent = (
  method: string,
  path: string,
  { headers = {}, body }: { readonly headers?: Record<string, string>; readonly body?: string } = {},
): LambdaEvent => {
  const [rawPath = "", rawQueryString = ""] = path.split("?");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    headers: { host: "api.example.com", ...headers },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      domainName: "api.example.com",
      domainPrefix: "api",
      requestId: "request",
      routeKey: "$default",
      stage: "$default",
      time: "29/Nov/2026:12:00:00 +0000",
      timeEpoch: 0,
      authentication: null,
      authorizer: {},
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
    },
  } as LambdaEvent;
};

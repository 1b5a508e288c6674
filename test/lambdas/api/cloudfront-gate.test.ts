import { expect } from "chai";
import { Hono } from "hono";
import {
  type CloudFrontOrigin,
  getViewerAddress,
  requireCloudFront,
} from "../../../lambdas/api/cloudfront-gate.ts";
import { logRequestError, toErrorResponse } from "../../../lambdas/api/problems.ts";

const site = { domainName: "media.example.com", secret: "a secret" };

describe("the API behind CloudFront", () => {
  let origin: CloudFrontOrigin | undefined;
  /** What a read that is not forced returns. */
  let cached: CloudFrontOrigin | undefined;
  const app = new Hono();
  app.onError((cause, context) =>
    toErrorResponse(cause, undefined, (error) =>
      logRequestError(
        {
          info: () => undefined,
          warn: () => undefined,
          error: () => {
            throw error;
          },
        },
        context,
        error,
      ),
    ),
  );
  app.use(requireCloudFront(async ({ forceRefresh }) => (forceRefresh ? origin : cached)));
  app.all("*", async (context) => {
    const { method, url, headers } = context.req.raw;
    const address = getViewerAddress(context);
    return context.json({
      method,
      url,
      address,
      isForwarded: headers.has("x-forwarded-host"),
      body: await context.req.text(),
    });
  });
  beforeEach(() => {
    origin = site;
    cached = site;
  });
  const send = (headers: Readonly<Record<string, string>>, init: RequestInit = {}) =>
    app.request("https://abc.execute-api.us-east-1.amazonaws.com/jobs?limit=1", { ...init, headers });

  it("gives a request the URL that the viewer requested, and the viewer's address", async () => {
    const response = await send(
      {
        "x-origin-verify": site.secret,
        "x-forwarded-host": "media.example.com",
        "x-forwarded-for": "198.51.100.9, 192.0.2.1, 203.0.113.1",
      },
      { method: "POST", body: "a body" },
    );

    expect(await response.json()).to.deep.equal({
      method: "POST",
      url: "https://media.example.com/jobs?limit=1",
      address: "192.0.2.1",
      isForwarded: false,
      body: "a body",
    });
  });

  it("rejects requests past CloudFront, whatever host they name", async () => {
    const requests: readonly Readonly<Record<string, string>>[] = [
      {},
      { "x-forwarded-host": site.domainName },
      { "x-origin-verify": "" },
      { "x-origin-verify": "another secret", "x-forwarded-host": site.domainName },
    ];
    for (const headers of requests) {
      const response = await send(headers);
      expect([response.status, JSON.parse(await response.text()).type]).to.deep.equal([
        421,
        "/problems/misdirected-request",
      ]);
    }
  });

  it("accepts a secret that is newer than the cached one, and the first one", async () => {
    for (const old of [{ ...site, secret: "the old secret" }, undefined]) {
      cached = old;
      const response = await send({
        "x-origin-verify": site.secret,
        "x-forwarded-host": "media.example.com",
      });
      expect(JSON.parse(await response.text()).url).to.equal("https://media.example.com/jobs?limit=1");
    }
  });

  it("answers at its own host while the site is not deployed, and believes no header", async () => {
    origin = undefined;
    cached = undefined;
    const response = await send({
      "x-origin-verify": site.secret,
      "x-forwarded-host": "evil.example",
      "x-forwarded-for": "198.51.100.9, 192.0.2.1",
    });

    expect(await response.json()).to.include({
      url: "https://abc.execute-api.us-east-1.amazonaws.com/jobs?limit=1",
      address: "192.0.2.1",
      isForwarded: false,
    });
  });
});

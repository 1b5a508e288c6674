import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import * as z from "zod";

const resultSchema = z.looseObject({ uri: z.string().optional(), statusCode: z.number().optional() });

/** A viewer request as CloudFront passes it to a function (developer guide, "CloudFront Functions event structure"). */
const viewerRequest = (uri: string, request: Readonly<Record<string, unknown>> = {}) => ({
  version: "1.0",
  context: {
    distributionDomainName: "d111111abcdef8.cloudfront.net",
    distributionId: "EDFDVBD6EXAMPLE",
    eventType: "viewer-request",
    requestId: "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
  },
  viewer: { ip: "198.51.100.11" },
  request: {
    method: "GET",
    uri,
    querystring: {},
    headers: { host: { value: "media.example.com" }, "user-agent": { value: "curl/8.4.0" } },
    cookies: {},
    ...request,
  },
});

const readCode = (name: string): string =>
  readFileSync(new URL(`../../modules/cloudfront-functions/${name}.js`, import.meta.url), "utf8");

/** Loads a function without any global of Node.js; returns how to run its handler. */
const load = (name: string) => {
  const run: unknown = runInNewContext(
    `${readCode(name)}\n(event) => JSON.stringify(handler(JSON.parse(event)))`,
    {},
  );
  return (event: ReturnType<typeof viewerRequest>) =>
    resultSchema.parse(
      JSON.parse(z.function({ input: [z.string()], output: z.string() }).parse(run)(JSON.stringify(event))),
    );
};

describe("the CloudFront Function of outputs", () => {
  const run = load("output-request");
  const runOn = (uri: string, request?: Readonly<Record<string, unknown>>) =>
    run(viewerRequest(uri, request));

  for (const [uri, key] of [
    ["/output/films/a.mp4", "/films/a.mp4"],
    ["/output/output/a.mp4", "/output/a.mp4"],
    ["/output/caf%C3%A9%20%2B%20cr%C3%A8me/a.mp4", "/caf%C3%A9%20%2B%20cr%C3%A8me/a.mp4"],
    ["/output/a+b&c=d.mp4", "/a+b&c=d.mp4"],
    ["/output/100%25/a.mp4", "/100%25/a.mp4"],
    ["/output//films//a.mp4", "//films//a.mp4"],
    ["/output/..films/a...mp4", "/..films/a...mp4"],
    ["/output/.hidden/a.mp4", "/.hidden/a.mp4"],
    ["/output/a%2Fb.mp4", "/a%2Fb.mp4"],
    ["/output/films/", "/films/"],
  ] as const)
    it(`maps ${uri} to ${key}`, () => {
      expect(runOn(uri).uri).to.equal(key);
    });

  for (const uri of [
    "/output/",
    "/output",
    "/outputs/a.mp4",
    "/OUTPUT/a.mp4",
    "//output/a.mp4",
    "/jobs/../output/a.mp4",
    "/%6Futput/a.mp4",
    "/output/..",
    "/output/../a.mp4",
    "/output/films/../b.mp4",
    "/output/films/%2e%2E/b.mp4",
    "/output/films/.%2e/b.mp4",
    "/output/films%2f..%2Fb.mp4",
    "/output/./a.mp4",
    "/output/films/.",
  ])
    it(`rejects ${uri}`, () => {
      expect(runOn(uri)).to.deep.equal({ statusCode: 404, statusDescription: "Not Found" });
    });

  it("keeps query string, headers and cookies", () => {
    const request = {
      querystring: {
        download: { value: "1" },
        tag: { value: "a", multiValue: [{ value: "a" }, { value: "b" }] },
      },
      headers: { host: { value: "media.example.com" }, range: { value: "bytes=0-99" } },
      cookies: { theme: { value: "dark" } },
    };

    expect(runOn("/output/a.mp4", request)).to.deep.include({ method: "GET", uri: "/a.mp4", ...request });
  });

  it("maps every key without dot segments back to itself", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.string({ minLength: 1, unit: "binary" }), { minLength: 1, maxLength: 4 })
          .map((segments) => segments.join("/"))
          .filter((key) => !key.split("/").some((segment) => segment === "." || segment === "..")),
        (key) => {
          const uri = key.split("/").map(encodeURIComponent).join("/");

          expect(runOn(`/output/${uri}`).uri).to.equal(`/${uri}`);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("the CloudFront Function of the page", () => {
  const run = load("page-request");

  for (const [uri, file] of [
    ["/", "/index.html"],
    ["/upload", "/index.html"],
    ["/watch/abcd", "/index.html"],
    ["/shared/a.b-c", "/index.html"],
    ["/manifest.json", "/index.html"],
    ["/assets/main-ABC.js", "/assets/main-ABC.js"],
  ] as const)
    it(`maps ${uri} to ${file}`, () => {
      expect(run(viewerRequest(uri)).uri).to.equal(file);
    });
});

describe("the CloudFront Function of the API", () => {
  const run = load("api-request");
  const runOn = (headers: Readonly<Record<string, unknown>>) =>
    run(viewerRequest("/jobs", { headers, querystring: { limit: { value: "5" } } }));

  it("forwards the viewer's host", () => {
    const headers = { host: { value: "media.example.com" }, cookie: { value: "a=b" } };

    expect(runOn(headers)).to.deep.include({
      uri: "/jobs",
      querystring: { limit: { value: "5" } },
      headers: { ...headers, "x-forwarded-host": { value: "media.example.com" } },
    });
  });

  it("replaces a host that the viewer forwarded", () => {
    const headers = {
      host: { value: "media.example.com" },
      "x-forwarded-host": {
        value: "a.example.net",
        multiValue: [{ value: "a.example.net" }, { value: "b.example.net" }],
      },
    };

    expect(runOn(headers)).to.have.deep.nested.property("headers.x-forwarded-host", {
      value: "media.example.com",
    });
  });
});

describe("the CloudFront Functions", () => {
  for (const name of ["api-request", "output-request"])
    it(`${name} contains no text that Terraform would replace`, () => {
      const code = readCode(name);

      expect(code).to.not.match(/[$%]\{/);
      expect(Buffer.byteLength(code)).to.be.below(10_240);
    });
});

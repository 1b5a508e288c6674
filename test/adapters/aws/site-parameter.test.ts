import { SSMClient } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { readSite } from "../../../adapters/aws/site-parameter.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { type Answer, type ScriptedService, startScriptedService } from "./scripted-service.ts";

const site = {
  domainName: "d111111abcdef8.cloudfront.net",
  keyIds: { abc: "K1" },
  originVerifySecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin",
};
const respond = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

describe("the SSM parameter of the site", () => {
  let service: ScriptedService;
  let answer: Answer | undefined;
  before(async () => {
    service = await startScriptedService(() => answer);
  });
  after(() => service.close());
  const read = () => readSite(new SSMClient({ ...service.client, maxAttempts: 1 }), "/reelway/dev/site");
  const catchFailure = () =>
    read().then(
      () => undefined,
      (cause: unknown) => (cause instanceof StoreFailure ? cause : undefined),
    );

  it("is read", async () => {
    answer = respond(200, { Parameter: { Name: "/reelway/dev/site", Value: JSON.stringify(site) } });

    expect(await read()).to.deep.equal(site);
    const call = service.calls.at(-1);
    expect(call?.headers["x-amz-target"]).to.equal("AmazonSSM.GetParameter");
    expect(JSON.parse(String(call?.body))).to.deep.equal({ Name: "/reelway/dev/site" });
  });

  it("is missing before the stack is deployed", async () => {
    answer = respond(400, { __type: "ParameterNotFound" });

    expect(await read()).to.equal(undefined);
  });

  for (const [name, response, kind, message] of [
    [
      "a refusal",
      respond(400, { __type: "com.amazon.ssm#AccessDeniedException", message: "No." }),
      "denied",
      "No.",
    ],
    ["throttling", respond(400, { __type: "ThrottlingException", message: "Slow." }), "transient", "Slow."],
    ["an outage", { status: 503, body: "<html>" }, "transient", "/reelway/dev/site failed"],
    ["a lost response", undefined, "transient", "/reelway/dev/site"],
    ["another document", respond(200, { Parameter: { Value: "{}" } }), "invalid", "--only site"],
  ] as const)
    it(`fails as ${kind} after ${name}`, async () => {
      answer = response;

      const failure = await catchFailure();

      expect(failure?.kind).to.equal(kind);
      expect(failure?.message).to.include(message);
    });
});

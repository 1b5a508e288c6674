import { expect } from "chai";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { checkStage } from "../../../terraform/smoke/check-stage.ts";
import { type DeployedStage, openStage } from "../../../terraform/smoke/stage.ts";
import {
  type Answer,
  type Call,
  type ScriptedService,
  startScriptedService,
} from "../../adapters/aws/scripted-service.ts";

const configuration = parseConfiguration(defaults);
const caller: Answer = {
  headers: { "Content-Type": "text/xml" },
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/ann</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
};
const refused = (status: number, code: string): Answer => ({
  status,
  headers: { "Content-Type": "text/xml" },
  body: `<ErrorResponse><Error><Code>${code}</Code><Message>said by AWS</Message></Error></ErrorResponse>`,
});
const noTable: Answer = {
  status: 400,
  headers: { "Content-Type": "application/x-amz-json-1.0" },
  body: JSON.stringify({
    __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
    message: "none",
  }),
};
const empty: Answer = { headers: { "Content-Type": "application/x-amz-json-1.0" }, body: "{}" };
type Kind = "sts" | "bucket" | "table";
const classifyCall = ({ method, headers }: Call): Kind =>
  method === "HEAD" ? "bucket" : headers["x-amz-target"] === undefined ? "sts" : "table";

describe("the stage check of a smoke test", () => {
  let service: ScriptedService | undefined;
  let stage: DeployedStage | undefined;
  afterEach(async () => {
    stage?.close();
    await service?.close();
  });
  const check = async (answers: Partial<Record<Kind, Answer>>, more: { readonly account?: string } = {}) => {
    const all = { sts: caller, bucket: { status: 200 }, table: empty, ...answers };
    service = await startScriptedService((call) => all[classifyCall(call)]);
    stage = openStage({ ...findDeployment(configuration, "dev"), ...more }, service.client);
    return checkStage(stage);
  };
  const catchMessage = async (act: Promise<unknown>): Promise<string> =>
    act.then(
      () => "no failure",
      (cause: unknown) => String(cause),
    );

  it("reports the caller's identity", async () => {
    expect(await check({}, { account: "123456789012" })).to.equal("arn:aws:iam::123456789012:user/ann");
  });

  for (const [title, answers, message] of [
    [
      "expired credentials",
      { sts: refused(403, "ExpiredToken") },
      "The AWS credentials have expired. Get new ones",
    ],
    [
      "credentials that AWS does not know",
      { sts: refused(403, "InvalidClientTokenId") },
      "The AWS credentials are not valid: said by AWS. Set AWS_PROFILE",
    ],
    [
      "a bucket that is not there",
      { bucket: { status: 404 } },
      "Stage dev is not deployed: bucket reelway-dev-input does not exist in us-east-1. Deploy it first: npx reelway deploy --stage dev",
    ],
    [
      "a bucket of somebody else's",
      { bucket: { status: 403 } },
      "Access to bucket reelway-dev-input is denied",
    ],
    [
      "a bucket of another region",
      { bucket: { status: 301 } },
      "Bucket reelway-dev-input is in another region than stage dev, which is in us-east-1",
    ],
    ["a table that is not there", { table: noTable }, "table reelway-dev-jobs does not exist in us-east-1"],
    [
      "any other refusal",
      { sts: refused(403, "AccessDenied") },
      "Checking the AWS credentials failed: said by AWS",
    ],
  ] as const)
    it(`reports ${title}`, async () => {
      expect(await catchMessage(check(answers)))
        .to.match(/^CommandError: /)
        .and.include(message);
    });

  it("reports credentials of another account", async () => {
    expect(await catchMessage(check({}, { account: "999999999999" }))).to.include(
      "The credentials belong to account 123456789012, but stage dev is in 999999999999. Use credentials of that account.",
    );
  });

  it("reports that AWS is unreachable", async () => {
    service = await startScriptedService(() => undefined);
    const { client } = service;
    await service.close();
    service = undefined;
    stage = openStage(findDeployment(configuration, "dev"), client);
    expect(await catchMessage(checkStage(stage))).to.include("AWS is not reachable: connect ECONNREFUSED");
  });

  it("reports missing credentials", async () => {
    stage = openStage(findDeployment(configuration, "dev"), {
      endpoint: "http://127.0.0.1:9",
      credentials: () =>
        Promise.reject(
          Object.assign(new Error("Could not load credentials from any providers"), {
            name: "CredentialsProviderError",
          }),
        ),
    });
    expect(await catchMessage(checkStage(stage))).to.equal(
      "CommandError: No AWS credentials found: Could not load credentials from any providers. Set AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in, e.g. with: aws sso login",
    );
  });

  it("lists the stages if the named one does not exist", () => {
    for (const name of ["test", "constructor"])
      expect(() => findDeployment(configuration, name))
        .to.throw(`Stage ${name} does not exist. Available stages: dev, prod.`)
        .with.property("name", "UsageError");
  });
});

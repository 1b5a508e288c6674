import { expect } from "chai";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { checkSite } from "../../../terraform/smoke/check-site.ts";
import { type DeployedStage, openStage } from "../../../terraform/smoke/stage.ts";
import {
  type Answer,
  type ScriptedService,
  startScriptedService,
} from "../../adapters/aws/scripted-service.ts";

const json = (body: unknown, status = 200): Answer => ({
  status,
  headers: { "Content-Type": "application/x-amz-json-1.1" },
  body: JSON.stringify(body),
});
const parameter = json({
  Parameter: {
    Name: "/reelway/dev/site",
    Value: JSON.stringify({ domainName: "d111111abcdef8.cloudfront.net", keyIds: {} }),
  },
});
const origin = "https://d111111abcdef8.cloudfront.net";

describe("the site check of a smoke test", () => {
  let service: ScriptedService | undefined;
  let stage: DeployedStage | undefined;
  let lines: string[];
  beforeEach(() => {
    lines = [];
  });
  afterEach(async () => {
    stage?.close();
    await service?.close();
  });

  /** @param statuses of the site's paths; a path without one cannot be reached */
  const check = async (answer: Answer, statuses: Readonly<Record<string, number>> = {}) => {
    service = await startScriptedService(() => answer);
    stage = openStage(findDeployment(parseConfiguration(defaults), "dev"), service.client);
    return checkSite(stage, {
      report: (line) => lines.push(line),
      signal: new AbortController().signal,
      fetch: async (url) => {
        const status = statuses[url.replace(origin, "")];
        if (status === undefined) throw new TypeError("fetch failed");
        return new Response("{}", { status });
      },
    });
  };

  it("accepts a site whose API answers and whose outputs need a signature", async () => {
    expect(await check(parameter, { "/openapi.json": 200, "/output/smoke-test": 403 })).to.deep.equal([]);
    expect(lines).to.deep.equal([`Checking ${origin}.`]);
  });

  it("reports an API that does not answer, and outputs that anybody can read", async () => {
    expect(await check(parameter, { "/openapi.json": 502, "/output/smoke-test": 404 })).to.deep.equal([
      `${origin}/openapi.json responded with status 502 instead of 200: the API does not answer through CloudFront. See the log of the function api.`,
      `${origin}/output/smoke-test responded with status 404 instead of 403: CloudFront must refuse outputs without a signature. Apply the stack site again.`,
    ]);
  });

  it("skips a site that is not deployed", async () => {
    expect(await check(json({ __type: "ParameterNotFound" }, 400))).to.deep.equal([]);
    expect(lines).to.deep.equal(["The stack site is not deployed, so it is not checked."]);
  });

  it("reports a site that cannot be reached, or whose parameter cannot be read", async () => {
    expect(await check(parameter)).to.deep.equal(["The site cannot be checked: fetch failed"]);
    const [problem] = await check(json({ __type: "AccessDeniedException", message: "not allowed" }, 400));
    expect(problem).to.match(/^The site cannot be checked: .*\/reelway\/dev\/site.*/s);
  });
});

import { expect } from "chai";
import { sizesSchema } from "../../../pipeline/configuration/sizes-schema.ts";
import { computeIdleUsd } from "../../../pipeline/prices/stage-price.ts";
import { countStageParts, describeStageCost } from "../../../terraform/deployment/estimate-stage-cost.ts";
import { readStackResources } from "../../../terraform/runner/stack-resources.ts";
import { readStacks } from "../../../terraform/runner/stacks.ts";
import { defaultStageParts } from "../../docs/costs-page.ts";
import { synthesize, synthesizeWhole } from "../../synth/synthesize.ts";
import { buildDeployment } from "../doctor/scripted-account.ts";

const countParts = async (directory: string, stage: string) =>
  countStageParts(await readStackResources(await readStacks(directory, stage)));

describe("the cost of a stage", function () {
  this.timeout(60_000);

  it("is counted in the stacks of the sample configuration, as docs/costs.md has it", async () => {
    const { directory } = await synthesize({ REELWAY_CONFIG: "reelway.config.ts" });

    expect(await countParts(directory, "prod")).to.deep.equal(defaultStageParts);
    expect(await countParts(directory, "dev")).to.deep.equal({ ...defaultStageParts, endpointZones: 0 });
  });

  it("counts the web ACL and its rules", async () => {
    const { directory } = await synthesizeWhole();

    const { webAcls, webAclRules } = await countParts(directory, "dev");

    expect({ webAcls, webAclRules }).to.deep.equal({ webAcls: 1, webAclRules: 4 });
  });

  it("sums the list prices of the parts", () => {
    // 8 × $7.30, 2 × $1, 6 × $0.40, 14 × $0.10, $3, and 6 × 657,000 requests at $0.40 a million.
    expect(computeIdleUsd(defaultStageParts)).to.be.closeTo(58.4 + 2 + 2.4 + 1.4 + 3 + 1.5768, 1e-9);
    expect(computeIdleUsd({ webAcls: 1, webAclRules: 4 })).to.equal(9);
  });

  it("is described in one line", () => {
    const { transcode } = sizesSchema.parse(undefined);
    const describe = (network: string, endpointZones: number) =>
      describeStageCost(buildDeployment({ network }), transcode, { ...defaultStageParts, endpointZones });

    // (1,000 × 61.5 s / 2 + 100 × 40 s) of 2 vCPU, 4 GB and 30 GB of storage.
    expect(describe("endpoints", 8)).to.equal(
      'Cost at list prices of us-east-1: $68.78 a month while nothing runs, $58.40 of it for interface endpoints, which network: "public" does not have; about $0.99 for 1,000 minutes of 720p (AWS Elemental MediaConvert: $15.00). See docs/costs.md.',
    );
    expect(describe("public", 0)).to.match(
      /\$10\.38 a month while nothing runs, nothing of it for the network/,
    );
  });
});

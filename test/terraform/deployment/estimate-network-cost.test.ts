import { expect } from "chai";
import {
  describeNetworkCost,
  estimateNetworkCost,
} from "../../../terraform/deployment/estimate-network-cost.ts";

describe("the cost of a stage's network", () => {
  it("is that of each interface endpoint in each zone, whether tasks run or not", () => {
    // 4 services in 2 zones, $0.01 an hour each, 730 hours.
    expect(estimateNetworkCost({ endpointZoneCount: 8 })).to.deep.equal({
      perMonth: 58.4,
      perTaskHour: 0,
      perGb: 0.01,
    });
  });

  it("is that of a running task's public address without endpoints", () => {
    expect(estimateNetworkCost({ endpointZoneCount: 0 })).to.deep.equal({
      perMonth: 0,
      perTaskHour: 0.005,
      perGb: 0,
    });
  });

  it("is described with its region and the alternative", () => {
    expect(describeNetworkCost({ endpointZoneCount: 8 })).to.match(
      /\$58\.40 a month .*\$0\.01 for each GB.*us-east-1.*public.*\$0\.005/,
    );
    expect(describeNetworkCost({ endpointZoneCount: 0 })).to.match(
      /nothing while no task runs.*\$0\.005.*us-east-1/,
    );
  });
});

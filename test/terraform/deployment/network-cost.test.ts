import { expect } from "chai";
import { networkCost, networkCostText } from "../../../terraform/deployment/network-cost.ts";

describe("the cost of a stage's network", () => {
  it("is that of each interface endpoint in each zone, whether tasks run or not", () => {
    // 4 services in 2 zones, $0.01 an hour each, 730 hours.
    expect(networkCost({ endpointZones: 8 })).to.deep.equal({ idle: 58.4, taskHour: 0, gigabyte: 0.01 });
  });

  it("is that of each task's address while it runs, where there are none", () => {
    expect(networkCost({ endpointZones: 0 })).to.deep.equal({ idle: 0, taskHour: 0.005, gigabyte: 0 });
  });

  it("is told with its region and the other choice", () => {
    expect(networkCostText({ endpointZones: 8 })).to.match(
      /\$58\.40 a month .*\$0\.01 per GB.*us-east-1.*public.*\$0\.005/,
    );
    expect(networkCostText({ endpointZones: 0 })).to.match(/nothing while no task runs.*\$0\.005.*us-east-1/);
  });
});

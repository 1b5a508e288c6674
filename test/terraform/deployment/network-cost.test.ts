import { expect } from "chai";
import { networkCost, networkCostText } from "../../../terraform/deployment/network-cost.ts";

describe("the cost of a stage's network", () => {
  it("is that of each interface endpoint in each zone, whether tasks run or not", () => {
    // 4 services in 2 zones, $0.01 an hour each, 730 hours.
    expect(networkCost({ endpointZones: 8 })).to.deep.equal({ idle: 58.4, taskHour: 0, gigabyte: 0.01 });
  });

  it("is that of each running task's address without endpoints", () => {
    expect(networkCost({ endpointZones: 0 })).to.deep.equal({ idle: 0, taskHour: 0.005, gigabyte: 0 });
  });

  it("is shown with its region and the alternative", () => {
    expect(networkCostText({ endpointZones: 8 })).to.match(
      /\$58\.40 a month .*\$0\.01 for each GB.*us-east-1.*public.*\$0\.005/,
    );
    expect(networkCostText({ endpointZones: 0 })).to.match(/nothing while no task runs.*\$0\.005.*us-east-1/);
  });
});

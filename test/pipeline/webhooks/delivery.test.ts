import { expect } from "chai";
import { buildDelivery, listStatuses } from "../../../pipeline/webhooks/delivery.ts";
import { buildFinishedJob } from "./finished-job.ts";

describe("a webhook's delivery", () => {
  const catalog = { name: "catalog", events: ["job.complete", "job.error"] as const };
  const webhook = { ...catalog, events: [...catalog.events] };

  it("has the message of the topic as its data, and the time at which the job finished", () => {
    const job = buildFinishedJob();
    const delivery = buildDelivery(webhook, job);

    expect(JSON.parse(delivery?.body ?? "")).to.deep.equal({
      type: "job.complete",
      timestamp: "2026-11-21T03:01:00.000Z",
      data: job,
    });
  });

  it("has the same id and body each time it is built, and another id for another attempt or webhook", () => {
    const job = buildFinishedJob();
    const deliveries = [
      buildDelivery(webhook, job),
      buildDelivery(webhook, buildFinishedJob({ attempt: 2 })),
      buildDelivery({ ...webhook, name: "archive" }, job),
    ];

    expect(buildDelivery(webhook, buildFinishedJob())).to.deep.equal(deliveries[0]);
    expect(new Set(deliveries.map((delivery) => delivery?.id))).to.have.property("size", 3);
    for (const delivery of deliveries) expect(delivery?.id).to.match(/^msg_[0-9a-f]{32}$/);
  });

  it("does not exist for an event that the webhook does not receive", () => {
    expect(buildDelivery(webhook, buildFinishedJob({ status: "Canceled" }))).to.equal(undefined);
    expect(buildDelivery(webhook, buildFinishedJob({ status: "Error" }))?.type).to.equal("job.error");
    expect(listStatuses(webhook)).to.deep.equal(["Complete", "Error"]);
  });
});

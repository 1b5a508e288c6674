import { expect } from "chai";
import { buildAppearanceEvent } from "../../../pipeline/highlights/appearance-event.ts";
import {
  buildDelivery,
  buildJobEvent,
  listStatuses,
  parseWebhookEvent,
} from "../../../pipeline/webhooks/delivery.ts";
import { buildAppearance } from "../highlights/appearance-fixture.ts";
import { buildFinishedJob } from "./finished-job.ts";

describe("a webhook's delivery", () => {
  const catalog = { name: "catalog", events: ["job.complete", "job.error"] as const };
  const webhook = { ...catalog, events: [...catalog.events] };

  it("has the message of the topic as its data, and the time at which the job finished", () => {
    const job = buildFinishedJob();
    const delivery = buildDelivery(webhook, buildJobEvent(job));

    expect(JSON.parse(delivery?.body ?? "")).to.deep.equal({
      type: "job.complete",
      timestamp: "2026-11-21T03:01:00.000Z",
      data: job,
    });
  });

  it("has the same id and body each time it is built, and another id for another attempt or webhook", () => {
    const job = buildFinishedJob();
    const deliveries = [
      buildDelivery(webhook, buildJobEvent(job)),
      buildDelivery(webhook, buildJobEvent(buildFinishedJob({ attempt: 2 }))),
      buildDelivery({ ...webhook, name: "archive" }, buildJobEvent(job)),
    ];

    expect(buildDelivery(webhook, buildJobEvent(buildFinishedJob()))).to.deep.equal(deliveries[0]);
    expect(new Set(deliveries.map((delivery) => delivery?.id))).to.have.property("size", 3);
    for (const delivery of deliveries) expect(delivery?.id).to.match(/^msg_[0-9a-f]{32}$/);
  });

  it("does not exist for an event that the webhook does not receive", () => {
    expect(buildDelivery(webhook, buildJobEvent(buildFinishedJob({ status: "Canceled" })))).to.equal(
      undefined,
    );
    expect(buildDelivery(webhook, buildJobEvent(buildFinishedJob({ status: "Error" })))?.type).to.equal(
      "job.error",
    );
    expect(listStatuses(webhook)).to.deep.equal(["Complete", "Error"]);
  });

  it("has an id of its own for the start and the end of an appearance, for another end, and in another channel", () => {
    const news = { name: "news", events: ["appearance.started" as const, "appearance.ended" as const] };
    const start = buildAppearanceEvent(buildAppearance({ status: "open" }), "archive");
    const end = buildAppearanceEvent(buildAppearance(), "archive");
    const longer = { ...end, endedAt: "2026-11-21T03:00:09.000Z" };
    const deliver = (message: unknown) => {
      const event = parseWebhookEvent(JSON.parse(JSON.stringify(message)));
      return event && buildDelivery(news, event);
    };
    const deliveries = [start, end, longer, { ...end, channel: "sport" }].map(deliver);

    expect(JSON.parse(deliveries[1]?.body ?? "")).to.deep.equal({
      type: "appearance.ended",
      timestamp: "2026-11-21T03:00:04.080Z",
      data: end,
    });
    expect(deliveries[0]?.type).to.equal("appearance.started");
    expect(new Set(deliveries.map((delivery) => delivery?.id))).to.have.property("size", 4);
    // The confidence may have grown before a repetition.
    expect(deliver({ ...end, confidence: 99 })?.id).to.equal(deliveries[1]?.id);
    expect(listStatuses(news)).to.deep.equal(["open", "closed"]);
    expect(deliver({ ...end, endedAt: undefined })).to.equal(undefined);
  });
});

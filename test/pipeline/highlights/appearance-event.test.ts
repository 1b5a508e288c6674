import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import sinon from "sinon";
import { createSnsNotifier } from "../../../adapters/aws/notifier.ts";
import { createAppearanceListener } from "../../../pipeline/highlights/appearance-event.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { buildAppearance } from "./appearance-fixture.ts";

describe("the listener of appearances", () => {
  const sandbox = sinon.createSandbox();
  let published: PublishCommand["input"][];
  let failure: Error | undefined;
  beforeEach(() => {
    published = [];
    failure = undefined;
    sandbox.stub(SNSClient.prototype, "send").callsFake(async (command: unknown) => {
      if (!(command instanceof PublishCommand)) throw new Error("unexpected call");
      if (failure !== undefined) throw failure;
      published.push(command.input);
      return {};
    });
  });
  afterEach(() => sandbox.restore());

  const topic = "arn:aws:sns:eu-central-1:123456789012:reelway-dev-finished-jobs";
  const open = () =>
    createAppearanceListener({
      notifier: createSnsNotifier(new SNSClient({ region: "eu-central-1" })),
      topic,
      archiveBucket: "out",
    });
  const listIds = () => published.map(({ MessageAttributes: attributes }) => attributes?.id?.StringValue);

  it("publishes the start and the end, with times in milliseconds", async () => {
    await open().onStarted(buildAppearance({ status: "open" }));
    await open().onEnded(buildAppearance());

    const common = {
      id: "00000000-0000000000000007-10-Person",
      channel: "news",
      label: "Person",
      startedAt: "2026-11-21T03:00:00.000Z",
      confidence: 93,
      image: { bucket: "out", key: "archive/news/2026-11-21/00000000-0000000000000007-12.jpg" },
    };
    expect(published.map(({ Message: message }) => JSON.parse(message ?? ""))).to.deep.equal([
      { ...common, status: "open" },
      { ...common, status: "closed", endedAt: "2026-11-21T03:00:04.080Z", durationSeconds: 4.08 },
    ]);
    expect(published.map(({ Subject: subject }) => subject)).to.deep.equal([
      "Reelway: Person on news started",
      "Reelway: Person on news ended",
    ]);
    expect(published[0]?.TopicArn).to.equal(topic);
  });

  it("repeats an event with the same id, also if the appearance has ended before its start is repeated", async () => {
    await open().onStarted(buildAppearance({ status: "open" }));
    await open().onStarted(buildAppearance({ confidence: 99 }));
    await open().onEnded(buildAppearance());
    await open().onEnded(buildAppearance({ confidence: 99 }));

    const [start, repeatedStart, end, repeatedEnd] = listIds();
    expect(repeatedStart).to.equal(start);
    expect(repeatedEnd).to.equal(end);
    expect(end).to.not.equal(start);
    expect(JSON.parse(published[1]?.Message ?? "")).to.have.property("status", "open");
  });

  it("rejects if the topic does not accept the event, so that the watcher repeats it", async () => {
    failure = Object.assign(new Error("Rate exceeded"), { name: "ThrottledException" });
    const rejection = await open()
      .onEnded(buildAppearance())
      .catch((cause: unknown) => cause);

    expect(rejection).to.be.instanceOf(StoreFailure);
  });
});

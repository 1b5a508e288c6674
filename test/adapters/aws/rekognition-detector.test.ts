import {
  DetectLabelsCommand,
  RecognizeCelebritiesCommand,
  RekognitionClient,
} from "@aws-sdk/client-rekognition";
import { expect } from "chai";
import sinon from "sinon";
import {
  createRekognitionClient,
  createRekognitionDetector,
} from "../../../adapters/aws/rekognition-detector.ts";
import { DetectionFailure } from "../../../pipeline/ports/label-detector.ts";
import { type Answer, startScriptedService } from "./scripted-service.ts";

const request = {
  image: Buffer.from("a frame"),
  timeSeconds: 12.5,
  minConfidence: 80,
  celebrities: false,
};
const catchFailure = async (promise: Promise<unknown>): Promise<DetectionFailure> => {
  const failure = await promise.catch((cause: unknown) => cause);
  expect(failure).to.be.instanceOf(DetectionFailure);
  return failure as DetectionFailure;
};

describe("the label detector of Rekognition", () => {
  const client = new RekognitionClient({ region: "us-east-1" });
  const detector = createRekognitionDetector(client, { retryDelayMs: 1 });
  let send: sinon.SinonStub;
  beforeEach(() => {
    send = sinon.stub(RekognitionClient.prototype, "send");
  });
  afterEach(() => send.restore());

  it("requests labels once, and returns them with the boxes of their instances", async () => {
    send.resolves({
      Labels: [
        { Name: "Cup", Confidence: 85.5, Instances: [] },
        {
          Name: "Person",
          Confidence: 99.1,
          Instances: [
            { BoundingBox: { Left: 0.1, Top: 0.2, Width: 0.3, Height: 0.4 }, Confidence: 99.1 },
            { BoundingBox: { Left: 0.9, Top: -0.1, Width: 0.2, Height: 0.5 }, Confidence: 81 },
            { BoundingBox: { Left: 0, Top: 0, Width: 0.1, Height: 0.1 }, Confidence: 79 },
          ],
        },
      ],
    });

    const detection = await detector.detect(request);

    expect(send.callCount).to.equal(1);
    const [command] = send.firstCall.args;
    expect(command).to.be.instanceOf(DetectLabelsCommand);
    expect(command.input).to.deep.equal({
      Image: { Bytes: request.image },
      MaxLabels: 100,
      MinConfidence: 80,
      Features: ["GENERAL_LABELS"],
    });
    expect(detection.celebrities).to.deep.equal([]);
    expect(detection.labels.map(({ name, confidence }) => [name, confidence])).to.deep.equal([
      ["Person", 99.1],
      ["Cup", 85.5],
    ]);
    const [inside, cropped, ...others] = detection.labels[0]?.boxes ?? [];
    expect(others).to.deep.equal([]);
    expect(inside).to.include({ left: 0.1, top: 0.2 });
    expect(cropped?.left).to.equal(0.9);
    expect(cropped?.top).to.equal(0);
    expect(cropped?.width).to.be.closeTo(0.1, 1e-9);
    expect(cropped?.height).to.be.closeTo(0.4, 1e-9);
  });

  it("requests celebrities after the labels, and returns each person once with links that open", async () => {
    send.onFirstCall().resolves({ Labels: [] });
    send.onSecondCall().resolves({
      CelebrityFaces: [
        { Id: "2B", Name: "Sally Ride", MatchConfidence: 90, Urls: ["https://example.com/2B", "not a url:"] },
        { Id: "1A", Name: "Eileen Collins", MatchConfidence: 92, Urls: [] },
        { Id: "1A", Name: "Eileen Collins", MatchConfidence: 97, Urls: ["www.wikidata.org/wiki/Q1"] },
        { Id: "3C", Name: "Mae Jemison", MatchConfidence: 60, Urls: [] },
      ],
    });

    const detection = await detector.detect({ ...request, celebrities: true });

    expect(send.secondCall.args[0]).to.be.instanceOf(RecognizeCelebritiesCommand);
    expect(detection).to.deep.equal({
      labels: [],
      celebrities: [
        { id: "1A", name: "Eileen Collins", confidence: 97, urls: ["https://www.wikidata.org/wiki/Q1"] },
        { id: "2B", name: "Sally Ride", confidence: 90, urls: ["https://example.com/2B"] },
      ],
    });
  });

  it("requests celebrities alone for one call", async () => {
    send.resolves({ CelebrityFaces: [{ Id: "1A", Name: "Eileen Collins", MatchConfidence: 92, Urls: [] }] });

    const detection = await detector.detect({ ...request, celebrities: true, labels: false });

    expect(send.getCalls().map(({ args }) => args[0].constructor.name)).to.deep.equal([
      "RecognizeCelebritiesCommand",
    ]);
    expect(detection).to.deep.equal({
      labels: [],
      celebrities: [{ id: "1A", name: "Eileen Collins", confidence: 92, urls: [] }],
    });
    expect(detector.computeUsd({ celebrities: true, labels: false })).to.equal(0.001);
  });

  it("fails if celebrities are requested alone and cannot be recognized", async () => {
    send.rejects(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));

    const failure = await catchFailure(detector.detect({ ...request, celebrities: true, labels: false }));

    expect(failure).to.include({ kind: "throttled", retryable: true });
  });

  it("costs what the price table says, for one or two calls", () => {
    expect(detector.computeUsd({ celebrities: false })).to.equal(0.001);
    expect(detector.computeUsd({ celebrities: true })).to.equal(0.002);
  });

  it("refuses an image over 5 MB without a call", async () => {
    const failure = await catchFailure(detector.detect({ ...request, image: new Uint8Array(5_242_881) }));

    expect(failure).to.include({ kind: "image", retryable: false });
    expect(failure.message).to.include("5242881");
    expect(send.callCount).to.equal(0);
  });

  it("keeps the labels if celebrities cannot be recognized, and never requests labels again", async () => {
    const denied = Object.assign(new Error("not authorized"), {
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 400 },
    });
    send.onFirstCall().resolves({ Labels: [{ Name: "Person", Confidence: 99 }] });
    send.rejects(denied);

    const { labels, celebrities, celebritiesFailure } = await detector.detect({
      ...request,
      celebrities: true,
    });

    expect(labels).to.deep.equal([{ name: "Person", confidence: 99, boxes: [] }]);
    expect(celebrities).to.deep.equal([]);
    expect(celebritiesFailure?.kind).to.equal("denied");
    expect(celebritiesFailure?.message).to.include("Allow rekognition:RecognizeCelebrities");
    expect(send.getCalls().map(({ args }) => args[0].constructor.name)).to.deep.equal([
      "DetectLabelsCommand",
      "RecognizeCelebritiesCommand",
    ]);
  });

  it("keeps the labels if the signal is aborted while celebrities are recognized", async () => {
    const controller = new AbortController();
    send.onFirstCall().resolves({ Labels: [{ Name: "Person", Confidence: 99 }] });
    send.onSecondCall().callsFake(async (_command, { abortSignal }) => {
      controller.abort();
      abortSignal.throwIfAborted();
    });

    const { labels, celebritiesFailure } = await detector.detect(
      { ...request, celebrities: true },
      controller.signal,
    );

    expect(labels).to.have.length(1);
    expect(celebritiesFailure?.kind).to.equal("transient");
    expect(send.callCount).to.equal(2);
  });
});

/** Answers of Rekognition's protocol over HTTP to the real client. */
describe("the label detector of Rekognition, over HTTP", () => {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  const refuse = (type: string, status = 400): Answer => ({
    status,
    headers,
    body: JSON.stringify({ __type: type, message: "refused" }),
  });
  const labels: Answer = {
    headers,
    body: JSON.stringify({ Labels: [{ Name: "Person", Confidence: 99 }] }),
  };
  const detectWith = async (
    answer: (number: number) => Answer | undefined,
    signal?: AbortSignal,
    timeoutSeconds?: number,
  ) => {
    const service = await startScriptedService((_call, number) => answer(number));
    const client = createRekognitionClient(service.client);
    const detector = createRekognitionDetector(client, { retryDelayMs: 1, timeoutSeconds });
    try {
      const result = await detector.detect(request, signal).catch((cause: unknown) => cause);
      return { result, targets: service.calls.map(({ headers: sent }) => sent["x-amz-target"]) };
    } finally {
      client.destroy();
      await service.close();
    }
  };

  for (const [type, status, kind, callCount] of [
    ["ThrottlingException", 400, "throttled", 3],
    ["ProvisionedThroughputExceededException", 400, "throttled", 3],
    ["LimitExceededException", 400, "throttled", 3],
    ["InternalServerError", 500, "transient", 3],
    ["ServiceUnavailable", 503, "transient", 3],
    ["InvalidImageFormatException", 400, "image", 1],
    ["ImageTooLargeException", 400, "image", 1],
    ["InvalidParameterException", 400, "image", 1],
    ["AccessDeniedException", 400, "denied", 1],
    ["ExpiredTokenException", 400, "denied", 1],
    ["UnrecognizedClientException", 400, "denied", 1],
    ["UnknownOperationException", 404, "unavailable", 1],
  ] as const)
    it(`reports ${type} as ${kind} after ${callCount} ${callCount === 1 ? "call" : "calls"}`, async () => {
      const { result, targets } = await detectWith(() => refuse(type, status));

      expect(result).to.be.instanceOf(DetectionFailure);
      expect(result).to.include({ kind, mayBeBilled: false, retryable: callCount > 1 });
      expect(String(result)).to.include("DetectLabels");
      expect(targets).to.deep.equal(Array(callCount).fill("RekognitionService.DetectLabels"));
    });

  it("answers after a call that was throttled", async () => {
    const { result, targets } = await detectWith((number) =>
      number === 0 ? refuse("ThrottlingException") : labels,
    );

    expect(result).to.deep.equal({
      labels: [{ name: "Person", confidence: 99, boxes: [] }],
      celebrities: [],
    });
    expect(targets).to.have.length(2);
  });

  for (const [loss, answer] of [
    ["a connection that is cut", undefined],
    ["a response that is cut", { headers, body: '{"Labels":[{"Na' }],
  ] as const)
    it(`does not repeat the call after ${loss}, which may be billed`, async () => {
      const { result, targets } = await detectWith(() => answer);

      expect(result).to.be.instanceOf(DetectionFailure);
      expect(result).to.include({ kind: "transient", mayBeBilled: true, retryable: false });
      expect(targets).to.have.length(1);
    });

  it("does not repeat a call without a response in time, and stops it when the signal is aborted", async () => {
    const reason = new Error("the run is over");
    const controller = new AbortController();
    for (const [signal, expected] of [
      [undefined, "no response within 0.05 s"],
      [controller.signal, reason.message],
    ] as const) {
      // The answer arrives later than the end of the call.
      const send = sinon.stub(RekognitionClient.prototype, "send").callsFake((async (
        _command: unknown,
        { abortSignal }: { readonly abortSignal: AbortSignal },
      ) => {
        if (signal !== undefined) controller.abort(reason);
        if (!abortSignal.aborted)
          await new Promise((resolve) => abortSignal.addEventListener("abort", resolve));
        throw Object.assign(new Error("Request aborted"), { name: "AbortError" });
      }) as never);
      const { result } = await detectWith(() => labels, signal, 0.05);
      const { callCount } = send;
      send.restore();

      expect(String(result)).to.include(expected);
      expect(callCount).to.equal(1);
    }
  });

  it("repeats nothing by itself if Rekognition cannot be reached, and costs nothing", async () => {
    const service = await startScriptedService(() => undefined);
    await service.close();
    const detector = createRekognitionDetector(createRekognitionClient(service.client), { retryDelayMs: 1 });

    const failure = await catchFailure(detector.detect(request));

    expect(failure).to.include({ kind: "transient", mayBeBilled: false, retryable: true });
  });
});

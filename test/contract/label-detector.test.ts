import { readFile } from "node:fs/promises";
import {
  DetectLabelsCommand,
  InvalidImageFormatException,
  RekognitionClient,
  ThrottlingException,
} from "@aws-sdk/client-rekognition";
import sinon from "sinon";
import { createRekognitionDetector } from "../../adapters/aws/rekognition-detector.ts";
import { createHumanDetector } from "../../adapters/local/human-detector.ts";
import { createRecordedDetector } from "../../adapters/local/recorded-detector.ts";
import { parseRecordedDetections } from "../../pipeline/highlights/recorded-detections.ts";
import { describeLabelDetectorContract } from "./label-detector.ts";

const readPhoto = () => readFile(new URL("../../examples/highlights/astronaut.jpg", import.meta.url));

describe("label detectors", () => {
  describeLabelDetectorContract("Rekognition", async () => {
    const client = new RekognitionClient({ region: "us-east-1" });
    const send = sinon.stub(client, "send");
    send.callsFake((async (command: { readonly input: { readonly MinConfidence?: number } }) =>
      command instanceof DetectLabelsCommand
        ? {
            Labels: [
              { Name: "Helmet", Confidence: 61.5, Instances: [] },
              {
                Name: "Person",
                Confidence: 99.2,
                Instances: [
                  { BoundingBox: { Left: -0.01, Top: 0.2, Width: 0.7, Height: 0.9 }, Confidence: 99.2 },
                ],
              },
            ].filter(({ Confidence }) => Confidence >= (command.input.MinConfidence ?? 55)),
          }
        : {
            CelebrityFaces: [
              { Id: "1A", Name: "Eileen Collins", MatchConfidence: 98, Urls: ["www.imdb.com/1"] },
            ],
          }) as never);
    const detector = createRekognitionDetector(client, { retryDelayMs: 1 });
    const frame = { image: await readPhoto(), timeSeconds: 0 };
    const failWith = (error: Error) => async () => {
      const failingClient = new RekognitionClient({ region: "us-east-1" });
      sinon.stub(failingClient, "send").rejects(error);
      await createRekognitionDetector(failingClient, { retryDelayMs: 1 }).detect({
        ...frame,
        minConfidence: 80,
        celebrities: false,
      });
    };
    const response = { message: "refused", $metadata: { httpStatusCode: 400 } };
    return {
      detector,
      frame,
      failures: [
        ["image", failWith(new InvalidImageFormatException(response))],
        ["throttled", failWith(new ThrottlingException(response))],
      ],
      async close() {
        send.restore();
      },
    };
  });

  describeLabelDetectorContract("human", async () => {
    const detector = createHumanDetector();
    const request = { timeSeconds: 0, minConfidence: 40, celebrities: false };
    const missing = createHumanDetector({ packageFolders: ["/"] });
    return {
      detector,
      frame: { image: await readPhoto(), timeSeconds: 0 },
      failures: [
        ["image", () => detector.detect({ ...request, image: Buffer.from("no image") })],
        ["unavailable", async () => missing.detect({ ...request, image: await readPhoto() })],
      ],
      close: () => detector.close(),
    };
  });

  describeLabelDetectorContract("recorded", async () => ({
    detector: createRecordedDetector(
      parseRecordedDetections(
        {
          frames: [
            {
              time: 1.2,
              labels: [
                { name: "Cup", confidence: 61 },
                {
                  name: "Person",
                  confidence: 98.1,
                  boxes: [{ left: 0.1, top: 0.2, width: 0.3, height: 0.4 }],
                },
              ],
              celebrities: [
                { id: "1A", name: "Eileen Collins", confidence: 98, urls: ["https://example.com/1A"] },
              ],
            },
          ],
        },
        "detections.json",
      ),
    ),
    frame: { image: new Uint8Array(), timeSeconds: 2 },
    failures: [],
    close: async () => undefined,
  }));
});

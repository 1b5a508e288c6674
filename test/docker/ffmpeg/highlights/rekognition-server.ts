import { text } from "node:stream/consumers";
import sharp from "sharp";
import * as z from "zod";
import { startOrigin } from "../../../adapters/aws/origin.ts";
import { frameCounterGrid, readFrameCounter } from "../../../media/inputs/frame-counter.ts";

const requestSchema = z.object({ Image: z.object({ Bytes: z.string() }) });

/** The number that an encoded frame tells. */
const readNumber = async (image: Buffer): Promise<number> => {
  const [width, height] = frameCounterGrid;
  const luma = await sharp(image)
    .grayscale()
    .resize(width, height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  return readFrameCounter({ luma: new Uint8Array(luma) });
};

export interface RekognitionServerOptions {
  /** Whether the label is in the frame with this number. */
  readonly isShown: (frame: number) => boolean;
  readonly pass?: <T>(kind: string, answer: () => Promise<T>) => Promise<T>;
}

/** The part of Amazon Rekognition that the watcher calls, on loopback: it finds a person in some numbered frames. */
export const startRekognitionServer = async ({
  isShown,
  pass = (_kind, answer) => answer(),
}: RekognitionServerOptions) => {
  const frames: number[] = [];
  const origin = await startOrigin((request, response) => {
    void (async () => {
      const { Image } = requestSchema.parse(JSON.parse(await text(request)));
      const body = await pass("DetectLabels", async () => {
        const frame = await readNumber(Buffer.from(Image.Bytes, "base64"));
        // The call is paid, whether its response arrives or not.
        frames.push(frame);
        return { Labels: isShown(frame) ? [{ Name: "Person", Confidence: 97, Instances: [] }] : [] };
      });
      response.writeHead(200, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    })();
  });
  return {
    url: `http://127.0.0.1:${origin.port}`,
    /** Numbers of the frames that were paid for, in order. */
    frames,
    close: () => origin.close(),
  };
};

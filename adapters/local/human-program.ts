import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { cropBox, groupObjects } from "../../pipeline/highlights/detected-labels.ts";
import {
  type BoundingBox,
  type DetectedLabel,
  DetectionFailure,
} from "../../pipeline/ports/label-detector.ts";
import type { HumanRequest, HumanResponse } from "./human-messages.ts";
import type { HumanFiles } from "./human-packages.ts";
import { createModelFetch } from "./model-files.ts";

/** The part of `@vladmandic/human` that is used here. Its own types need those of a browser. */
interface Human {
  readonly tf: {
    tensor(values: Uint8Array, shape: readonly number[], type: "float32"): object;
    dispose(tensor: object): void;
  };
  readonly models: { loaded(): readonly string[] };
  init(): Promise<void>;
  load(): Promise<void>;
  detect(
    input: object,
    configuration: object,
  ): Promise<{
    readonly error: string | null;
    readonly object: readonly {
      readonly label: string;
      /** 0 to 1. */
      readonly score: number;
      /** Left, top, width, height; fractions of the input. */
      readonly boxRaw: readonly [number, number, number, number];
    }[];
  }>;
}

const maxPixels = 64_000_000;
const maxObjects = 100;
/** Width and height of the model's input. */
const inputPixels = 512;
const isDisabled = { enabled: false };

const loadHuman = async ({ library, models, wasm }: HumanFiles): Promise<Human> => {
  globalThis.fetch = createModelFetch(models);
  const packageModule: { readonly Human: new (configuration: object) => Human } = createRequire(
    import.meta.url,
  )(library);
  const human = new packageModule.Human({
    backend: "wasm",
    wasmPath: join(wasm, "/"),
    modelBasePath: `${pathToFileURL(models).href}/`,
    debug: false,
    async: false,
    warmup: "none",
    // Each frame is looked at, also if it resembles the previous one.
    cacheSensitivity: 0,
    skipAllowed: false,
    filter: isDisabled,
    gesture: isDisabled,
    face: isDisabled,
    body: isDisabled,
    hand: isDisabled,
    segmentation: isDisabled,
    object: { enabled: true, modelPath: "centernet.json", maxDetected: maxObjects },
  });
  await human.init();
  await human.load();
  // A model that cannot be loaded is only logged, and then finds nothing.
  if (!human.models.loaded().includes("centernet"))
    throw new DetectionFailure("unavailable", `The model centernet.json in ${models} cannot be loaded`);
  return human;
};

interface ModelInput {
  /** RGB. */
  readonly pixels: Uint8Array;
  /** Where the frame lies in the input, fractions of the input. */
  readonly frameBox: BoundingBox;
}

/**
 * Decodes a frame and fits it into the model's input, with black bars. The model is much surer of objects in their own
 * aspect ratio than in a stretched frame.
 */
const decode = async (image: Uint8Array): Promise<ModelInput> => {
  try {
    const frame = sharp(image, { limitInputPixels: maxPixels });
    const { width, height } = await frame.metadata();
    const pixels = await frame
      .resize(inputPixels, inputPixels, { fit: "contain", background: "black" })
      .removeAlpha()
      .toColourspace("srgb")
      .raw()
      .toBuffer();
    const longerSide = Math.max(width, height);
    const [fittedWidth, fittedHeight] = [width / longerSide, height / longerSide];
    return {
      pixels,
      frameBox: {
        left: (1 - fittedWidth) / 2,
        top: (1 - fittedHeight) / 2,
        width: fittedWidth,
        height: fittedHeight,
      },
    };
  } catch (cause) {
    throw new DetectionFailure("image", `The frame cannot be decoded: ${String(cause)}`, { cause });
  }
};

/** Converts a box in the model's input to a box in the frame, without the parts that lie in the bars. */
const toFrameBox = (box: BoundingBox, frameBox: BoundingBox): BoundingBox =>
  cropBox({
    left: (box.left - frameBox.left) / frameBox.width,
    top: (box.top - frameBox.top) / frameBox.height,
    width: box.width / frameBox.width,
    height: box.height / frameBox.height,
  });

const detect = async (
  human: Human,
  { image, minConfidence }: HumanRequest,
): Promise<readonly DetectedLabel[]> => {
  const { pixels, frameBox } = await decode(image);
  const input = human.tf.tensor(pixels, [inputPixels, inputPixels, 3], "float32");
  try {
    const { error, object: objects } = await human.detect(input, {
      // Scores are compared before they are cut to two digits.
      object: { minConfidence: Math.max(0, minConfidence / 100 - 0.01) },
    });
    if (error !== null) throw new DetectionFailure("transient", `The detector failed: ${error}`);
    return groupObjects(
      objects.flatMap(({ label, score, boxRaw: [left, top, width, height] }) => {
        const box = toFrameBox({ left, top, width, height }, frameBox);
        const isInBars = box.width === 0 || box.height === 0;
        return isInBars ? [] : { name: label, confidence: Math.round(score * 100), box };
      }),
      minConfidence,
    );
  } finally {
    human.tf.dispose(input);
  }
};

/**
 * The program of the label detector `human`: one `HumanRequest` after another over the channel to its parent, which it
 * answers by `HumanResponse`. Its argument is `HumanFiles` as JSON. It ends with its parent.
 */
const run = (files: HumanFiles): void => {
  sharp.concurrency(1);
  const human = loadHuman(files);
  const answer = async (request: HumanRequest): Promise<HumanResponse> => {
    const { id } = request;
    try {
      return { id, labels: await detect(await human, request) };
    } catch (cause) {
      const { kind, message } =
        cause instanceof DetectionFailure ? cause : new DetectionFailure("unavailable", String(cause));
      return { id, failure: { kind, message } };
    }
  };
  let queue: Promise<unknown> = human.catch(() => undefined);
  process.on("message", (request: HumanRequest) => {
    queue = queue.then(async () => process.send?.(await answer(request)));
  });
  process.once("disconnect", () => process.exit());
};

run(JSON.parse(process.argv[2] ?? ""));

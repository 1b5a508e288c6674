import {
  DetectLabelsCommand,
  type DetectLabelsResponse,
  RecognizeCelebritiesCommand,
  type RecognizeCelebritiesResponse,
  RekognitionClient,
  type RekognitionClientConfig,
} from "@aws-sdk/client-rekognition";
import pRetry from "p-retry";
import { cropBox, sortByConfidence } from "../../pipeline/highlights/detected-labels.ts";
import {
  type DetectedCelebrity,
  type DetectedLabel,
  type Detection,
  DetectionFailure,
  type DetectionRequest,
  type LabelDetector,
} from "../../pipeline/ports/label-detector.ts";
import { computeRekognitionUsd } from "../../pipeline/prices/detection-price.ts";
import { toDetectionFailure } from "./detection-failure.ts";

/** Bytes of an image in a request (Amazon Rekognition developer guide, "Guidelines and quotas"). */
const maxImageBytes = 5 * 2 ** 20;
/** Labels of a response, the surest ones: bounds what is stored of a frame. */
const maxLabels = 100;

/**
 * Creates the Rekognition client. It sends each request once: the SDK also repeats a request whose response was lost,
 * which may be paid twice.
 */
export const createRekognitionClient = (
  configuration: Pick<RekognitionClientConfig, "region" | "endpoint" | "credentials"> = {},
): RekognitionClient => new RekognitionClient({ ...configuration, maxAttempts: 1 });

const toLabels = (
  { Labels: labels = [] }: DetectLabelsResponse,
  minConfidence: number,
): readonly DetectedLabel[] =>
  sortByConfidence(
    labels.flatMap(({ Name: name, Confidence: confidence = 0, Instances: instances = [] }) =>
      name === undefined || confidence < minConfidence
        ? []
        : {
            name,
            confidence,
            boxes: instances.flatMap(({ BoundingBox: box, Confidence: instanceConfidence = 0 }) =>
              box === undefined || instanceConfidence < minConfidence
                ? []
                : cropBox({
                    left: box.Left ?? 0,
                    top: box.Top ?? 0,
                    width: box.Width ?? 0,
                    height: box.Height ?? 0,
                  }),
            ),
          },
    ),
  );

/** Rekognition leaves out the scheme: `www.wikidata.org/wiki/Q42`. */
const toUrls = (addresses: readonly string[]): readonly string[] =>
  addresses
    .map((address) => (/^https?:\/\//.test(address) ? address : `https://${address}`))
    .filter((url) => URL.canParse(url));

/** A person who appears more than once in the frame is one celebrity, with the highest confidence. */
const toCelebrities = (
  { CelebrityFaces: faces = [] }: RecognizeCelebritiesResponse,
  minConfidence: number,
): readonly DetectedCelebrity[] => {
  const celebrities = faces.flatMap(
    ({ Id: id, Name: name, MatchConfidence: confidence = 0, Urls: urls = [] }) =>
      id === undefined || name === undefined || confidence < minConfidence
        ? []
        : { id, name, confidence, urls: toUrls(urls) },
  );
  const surestLast = sortByConfidence(celebrities).toReversed();
  return sortByConfidence([...new Map(surestLast.map((celebrity) => [celebrity.id, celebrity])).values()]);
};

interface RekognitionOptions {
  /** Time for a response, seconds. @default 10 */
  readonly timeoutSeconds?: number;
  /** Delay before a call is repeated the first time, milliseconds. It doubles, with jitter. @default 200 */
  readonly retryDelayMs?: number;
}

/**
 * A detector that calls Amazon Rekognition: DetectLabels, then RecognizeCelebrities if requested. A call that
 * Rekognition refuses as throttled, or answers with a server error, costs nothing and is repeated twice; a call whose
 * response is lost is not repeated. With labels, celebrities are requested only after labels have been found, so that a
 * failure never costs a second call of DetectLabels: `celebritiesFailure` tells what is missing.
 *
 * @param client created by `createRekognitionClient`
 */
export const createRekognitionDetector = (
  client: RekognitionClient,
  { timeoutSeconds = 10, retryDelayMs = 200 }: RekognitionOptions = {},
): LabelDetector => {
  const call = <Response>(
    operation: string,
    send: (options: { readonly abortSignal: AbortSignal }) => Promise<Response>,
    signal: AbortSignal | undefined,
  ): Promise<Response> =>
    pRetry(
      async () => {
        const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
        try {
          return await send({
            abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          });
        } catch (cause) {
          signal?.throwIfAborted();
          if (timeout.aborted)
            throw new DetectionFailure(
              "transient",
              `Rekognition ${operation} failed: no response within ${timeoutSeconds} s. It may be billed.`,
              { cause, mayBeBilled: true },
            );
          throw toDetectionFailure(operation, cause);
        }
      },
      {
        retries: 2,
        minTimeout: retryDelayMs,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => error instanceof DetectionFailure && error.retryable,
      },
    );

  const recognizeCelebrities = async (
    { image, minConfidence }: DetectionRequest,
    signal: AbortSignal | undefined,
  ): Promise<readonly DetectedCelebrity[]> => {
    const response = await call(
      "RecognizeCelebrities",
      (options) => client.send(new RecognizeCelebritiesCommand({ Image: { Bytes: image } }), options),
      signal,
    );
    return toCelebrities(response, minConfidence);
  };
  const tryRecognizeCelebrities = async (
    request: DetectionRequest,
    signal: AbortSignal | undefined,
  ): Promise<Pick<Detection, "celebrities" | "celebritiesFailure">> => {
    try {
      return { celebrities: await recognizeCelebrities(request, signal) };
    } catch (cause) {
      const { kind, message } =
        cause instanceof DetectionFailure
          ? cause
          : ({ kind: "transient", message: "Rekognition RecognizeCelebrities was canceled" } as const);
      return { celebrities: [], celebritiesFailure: { kind, message } };
    }
  };

  return {
    name: "rekognition",
    async detect(request, signal) {
      signal?.throwIfAborted();
      const { image, minConfidence } = request;
      if (image.byteLength > maxImageBytes)
        throw new DetectionFailure(
          "image",
          `Rekognition takes images of at most ${maxImageBytes} bytes (5 MB), got: ${image.byteLength}. Encode the frame with a lower quality.`,
        );
      if (request.labels === false)
        return {
          labels: [],
          celebrities: request.celebrities ? await recognizeCelebrities(request, signal) : [],
        };
      const response = await call(
        "DetectLabels",
        (options) =>
          client.send(
            new DetectLabelsCommand({
              Image: { Bytes: image },
              MaxLabels: maxLabels,
              MinConfidence: minConfidence,
              Features: ["GENERAL_LABELS"],
            }),
            options,
          ),
        signal,
      );
      const labels = toLabels(response, minConfidence);
      return request.celebrities
        ? { labels, ...(await tryRecognizeCelebrities(request, signal)) }
        : { labels, celebrities: [] };
    },
    computeUsd: computeRekognitionUsd,
  };
};

import { type Detection, DetectionFailure, type DetectionRequest } from "../ports/label-detector.ts";
import type { ClaimFailureKind, DetectionRecord } from "./appearance-store.ts";
import type { FrameReference } from "./segment.ts";
import { listSightings } from "./shown-labels.ts";
import type { CapDecision } from "./usage.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";

/** Why a frame has no detection. */
export type UndetectedReason =
  /**
   * Its detection may be paid and has no result: an earlier watcher `abandoned` its claim, or the response of the call is
   * `lost`.
   */
  | { readonly kind: "unknown"; readonly reason: "abandoned" | "lost" }
  | { readonly kind: "capped"; readonly decision: Exclude<CapDecision, { readonly isAllowed: true }> }
  /** The frame cannot be decoded. */
  | { readonly kind: "undecodable" }
  /** The detector does not accept the frame. */
  | { readonly kind: "refused"; readonly failure: DetectionFailure };
export type FrameDetection =
  | { readonly kind: "detected"; readonly record: DetectionRecord }
  | UndetectedReason;

/** What is searched for in a frame; the price depends on it. */
export type DetectionScope = Required<Pick<DetectionRequest, "labels" | "celebrities">>;

/** Object key of a frame's image. */
export const buildImageKey = ({ archivePrefix, channel }: WatchedChannel, frame: FrameReference): string =>
  `${archivePrefix}${channel.name}/frames/${frame.segmentId}-${frame.frame}.jpg`;

/** What a detection of a channel leaves out. */
const findOmitted = (scope: DetectionScope, hasCelebrities: boolean): Pick<DetectionRecord, "omitted"> => {
  if (!scope.labels) return { omitted: "label" };
  return hasCelebrities && !scope.celebrities ? { omitted: "celebrity" } : {};
};

/**
 * Detects what a frame shows, at most once: the frame is claimed and counted against the caps before the call, and the
 * result is stored. A frame that has a result costs nothing. The claim is given back if the call is not made, or is known
 * to cost nothing.
 *
 * @param readImage reads the frame, JPEG; undefined if it cannot be decoded. Called before the claim, because the claim of
 *   a process that is killed while it reads can never be used
 * @throws DetectionFailure unless the frame is the reason: a later call can succeed
 */
export const detectFrame = async (
  ports: Pick<WatchPorts, "store" | "detector" | "archive" | "clock" | "log">,
  watched: WatchedChannel,
  frame: FrameReference,
  readImage: () => Promise<Uint8Array | undefined>,
  scope: DetectionScope = { labels: true, celebrities: watched.channel.celebrities },
  signal?: AbortSignal,
): Promise<FrameDetection> => {
  const { store, detector, archive, clock, log } = ports;
  const { channel, lease } = watched;
  const { name, minConfidence } = channel;
  const reuse = async (record: DetectionRecord): Promise<FrameDetection> => {
    await recordSightings(ports, watched, record);
    return { kind: "detected", record };
  };
  const stored = await store.readDetection(name, frame);
  if (stored !== undefined) return reuse(stored);
  const image = await readImage();
  if (image === undefined) return { kind: "undecodable" };

  await lease.keep();
  const { token } = lease.current;
  const at = clock.now().getTime() / 1000;
  const claim = await store.claimDetection(name, frame, { token, at });
  if (claim.status === "unknown") return { kind: "unknown", reason: claim.reason };
  if (claim.status === "detected") return reuse(claim.record);

  /** Ends the claim after a failure. Without success, the claim stays, and the frame is never detected. */
  const endClaim = async (kind: ClaimFailureKind, message: string, mayBeBilled = false): Promise<void> => {
    await store.failDetection(name, frame, token, { kind, message, mayBeBilled }).catch((cause: unknown) => {
      log.warn("The claim of a frame was not given back", { channel: name, frame, error: cause });
    });
  };
  const usd = detector.computeUsd(scope);
  let isCalled = false;
  let detection: Detection;
  try {
    const decision = await store.reserveDetection(name, at, usd, channel);
    if (!decision.isAllowed) {
      await endClaim("capped", `${decision.cap} is reached.`);
      return { kind: "capped", decision };
    }
    signal?.throwIfAborted();
    isCalled = true;
    detection = await detector.detect({ image, timeSeconds: frame.time, minConfidence, ...scope }, signal);
  } catch (cause) {
    if (!(cause instanceof DetectionFailure)) {
      // A call that is canceled may be billed, like one whose response is lost.
      await endClaim("aborted", "The run ended.", isCalled && usd > 0);
      throw cause;
    }
    log.warn("Detection failed", { channel: name, frame, kind: cause.kind, error: cause });
    await endClaim(cause.kind, cause.message, cause.mayBeBilled);
    if (cause.mayBeBilled) return { kind: "unknown", reason: "lost" };
    if (cause.kind === "image") return { kind: "refused", failure: cause };
    throw cause;
  }

  const isShown = listSightings(channel, detection, frame, undefined).length > 0;
  const imageKey = isShown ? buildImageKey(watched, frame) : undefined;
  const record: DetectionRecord = {
    frame,
    detection,
    usd,
    ...(imageKey === undefined ? {} : { imageKey }),
    ...findOmitted(scope, channel.celebrities),
  };
  // The result first: it is paid.
  if (!(await store.storeDetection(name, frame, token, record))) {
    // What a repetition would find counts, so that it does the same.
    log.warn("The claim of a frame was lost during its detection", { channel: name, frame });
    const other = await store.readDetection(name, frame);
    return other === undefined ? { kind: "unknown", reason: "lost" } : reuse(other);
  }
  if (imageKey !== undefined)
    await archive.writeImage(imageKey, image).catch((cause: unknown) => {
      log.warn("The image of a detection was not stored", { channel: name, key: imageKey, error: cause });
    });
  await recordSightings(ports, watched, record);
  return { kind: "detected", record };
};

const recordSightings = async (
  { store }: Pick<WatchPorts, "store">,
  { channel }: WatchedChannel,
  { frame, detection, imageKey }: DetectionRecord,
): Promise<void> => {
  for (const sighting of listSightings(channel, detection, frame, imageKey))
    await store.recordSighting(channel.name, sighting);
};

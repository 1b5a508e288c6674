import { type Detection, DetectionFailure } from "../ports/label-detector.ts";
import type { FrameReference } from "./segment.ts";
import { listSightings } from "./shown-labels.ts";
import type { CapDecision } from "./usage.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";

/** Why a frame has no detection. */
export type UndetectedReason =
  /** An earlier watcher may have paid for it and stored no result, or the call failed and may be billed. */
  | { readonly kind: "unknown" }
  | { readonly kind: "capped"; readonly decision: Exclude<CapDecision, { readonly isAllowed: true }> }
  /** The frame cannot be decoded. */
  | { readonly kind: "undecodable" }
  | { readonly kind: "failed"; readonly failure: DetectionFailure };
export type FrameDetection = { readonly kind: "detected"; readonly detection: Detection } | UndetectedReason;

/** Object key of a frame's image. */
export const buildImageKey = ({ archivePrefix, channel }: WatchedChannel, frame: FrameReference): string =>
  `${archivePrefix}${channel.name}/frames/${frame.segmentId}-${frame.frame}.jpg`;

const toEpochSeconds = (date: Date): number => date.getTime() / 1000;

/**
 * Detects the labels of a frame, at most once: the frame is claimed and counted against the caps before the call, and the
 * result is stored. A frame that has a result costs nothing.
 *
 * @param readImage reads the frame, JPEG; undefined if it cannot be decoded
 */
export const detectFrame = async (
  ports: Pick<WatchPorts, "store" | "detector" | "archive" | "clock" | "log">,
  watched: WatchedChannel,
  frame: FrameReference,
  readImage: () => Promise<Uint8Array | undefined>,
  signal?: AbortSignal,
): Promise<FrameDetection> => {
  const { store, detector, archive, clock, log } = ports;
  const { channel, lease } = watched;
  const { name, minConfidence, celebrities } = channel;
  await lease.keep();
  const { token } = lease.current;
  const at = toEpochSeconds(clock.now());
  const claim = await store.claimDetection(name, frame, { token, at });
  if (claim.status === "unknown") return { kind: "unknown" };
  if (claim.status === "detected") {
    await recordSightings(ports, watched, frame, claim.record.detection, claim.record.imageKey);
    return { kind: "detected", detection: claim.record.detection };
  }
  const image = await readImage();
  if (image === undefined) {
    await store.failDetection(name, frame, token, { kind: "image", message: "The frame cannot be decoded." });
    return { kind: "undecodable" };
  }
  const usd = detector.computeUsd({ celebrities });
  const decision = await store.reserveDetection(name, at, usd, channel);
  if (!decision.isAllowed) {
    await store.failDetection(name, frame, token, { kind: "capped", message: `${decision.cap} is reached.` });
    return { kind: "capped", decision };
  }
  let detection: Detection;
  try {
    signal?.throwIfAborted();
    detection = await detector.detect({ image, timeSeconds: frame.time, minConfidence, celebrities }, signal);
  } catch (cause) {
    if (!(cause instanceof DetectionFailure)) throw cause;
    log.warn("Detection failed", { channel: name, frame, kind: cause.kind, error: cause });
    if (cause.mayBeBilled) return { kind: "unknown" };
    await store.failDetection(name, frame, token, { kind: cause.kind, message: cause.message });
    return { kind: "failed", failure: cause };
  }
  const isShown = listSightings(channel, detection, frame, undefined).length > 0;
  const imageKey = isShown ? buildImageKey(watched, frame) : undefined;
  // The result first: it is paid.
  await store.storeDetection(name, frame, token, {
    detection,
    usd,
    ...(imageKey === undefined ? {} : { imageKey }),
  });
  if (imageKey !== undefined)
    await archive.writeImage(imageKey, image).catch((cause: unknown) => {
      log.warn("The image of a detection was not stored", { channel: name, key: imageKey, error: cause });
    });
  await recordSightings(ports, watched, frame, detection, imageKey);
  return { kind: "detected", detection };
};

const recordSightings = async (
  { store }: Pick<WatchPorts, "store">,
  { channel }: WatchedChannel,
  frame: FrameReference,
  detection: Detection,
  imageKey: string | undefined,
): Promise<void> => {
  for (const sighting of listSightings(channel, detection, frame, imageKey))
    await store.recordSighting(channel.name, sighting);
};

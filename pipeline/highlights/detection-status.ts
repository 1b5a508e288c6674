import type { Detection, DetectionFailure } from "../ports/label-detector.ts";
import { type ChannelProblem, type ChannelProblems, replaceProblem } from "./channel-status.ts";
import type { UndetectedReason } from "./detect-frame.ts";

/** What became of the candidates of a segment. Those that look like a detected frame are in neither list. */
export interface DetectedFrames {
  readonly undetected: readonly UndetectedReason[];
  readonly detections: readonly Detection[];
}

/** Whether a cap is reached whose count has not begun again. @param now epoch seconds */
const isCapped = ({ name, capResetsAt }: ChannelProblem, now: number): boolean =>
  name === "capped" && capResetsAt !== undefined && capResetsAt > now;

/** Removes the problem of a cap whose count has begun again. @param now epoch seconds */
export const removeExpiredCap = (problems: ChannelProblems, now: number): ChannelProblems =>
  problems.cap?.capResetsAt !== undefined && !isCapped(problems.cap, now)
    ? replaceProblem(problems, "cap", undefined)
    : problems;

const describeCap = ({
  cap,
  resetsAt,
}: Extract<UndetectedReason, { readonly kind: "capped" }>["decision"]): ChannelProblem =>
  resetsAt === undefined
    ? {
        name: "capped",
        message: `One detection costs more than ${cap}: the channel is archived and not searched. Raise ${cap}.`,
      }
    : {
        name: "capped",
        message: `The cap ${cap} is reached: until ${new Date(resetsAt * 1000).toISOString()}, frames are detected at the even rate of the cap, and the others are only archived.`,
        capResetsAt: resetsAt,
      };

/**
 * Describes why a cap leaves frames without a detection; undefined if none does. A channel stays capped until the count
 * of the cap begins again: frames that are detected meanwhile use its even rate.
 */
const findCap = (
  undetected: readonly UndetectedReason[],
  before: ChannelProblem | undefined,
  now: number,
): ChannelProblem | undefined => {
  for (const reason of undetected) if (reason.kind === "capped") return describeCap(reason.decision);
  return before !== undefined && isCapped(before, now) ? before : undefined;
};

const describeUndetected = (reason: Exclude<UndetectedReason, { readonly kind: "capped" }>): string => {
  switch (reason.kind) {
    case "undecodable":
      return "Frames cannot be decoded, and are not searched. Check the encoder.";
    case "refused":
      return `The detector refuses frames, and they are not searched: ${reason.failure.message}`;
    default:
      return reason.reason === "lost"
        ? "The detector does not answer: the frames may be billed, and are not searched again. Check the detector and the network."
        : "A run was ended during detections: their frames may be billed, and are not searched again. Check its log.";
  }
};

/**
 * Describes why frames were not searched, or only in part. It lasts until a frame is detected whole: frames that look
 * like the one before need no detection.
 */
const findFrameProblem = (
  { undetected, detections }: DetectedFrames,
  before: ChannelProblem | undefined,
): ChannelProblem | undefined => {
  for (const reason of undetected)
    if (reason.kind !== "capped") return { name: "error", message: describeUndetected(reason) };
  for (const { celebritiesFailure } of detections)
    if (celebritiesFailure !== undefined)
      return {
        name: "error",
        message: `Celebrities are not recognized, labels are: ${celebritiesFailure.message}`,
      };
  return detections.length === 0 ? before : undefined;
};

/** Updates the problems of a channel after a segment was searched. @param now epoch seconds */
export const updateDetectionProblems = (
  problems: ChannelProblems,
  frames: DetectedFrames,
  now: number,
): ChannelProblems => {
  const searched = replaceProblem(problems, "detection", undefined);
  const capped = replaceProblem(searched, "cap", findCap(frames.undetected, problems.cap, now));
  return replaceProblem(capped, "frames", findFrameProblem(frames, problems.frames));
};

/** Describes why detection stays behind the archive. */
export const describeDetectionFailure = ({ message }: DetectionFailure): ChannelProblem => ({
  name: "error",
  message: `Detection failed: ${message} The channel is archived, and detection is tried again.`,
});

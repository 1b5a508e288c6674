import type { DetectionFailure } from "../ports/label-detector.ts";
import type { ChannelStatus } from "./appearance-store.ts";
import type { UndetectedReason } from "./detect-frame.ts";
import type { PlaylistPosition } from "./playlist/position.ts";

/** Why a channel is not watched as it should be, for people. */
export type ChannelProblem = Pick<ChannelStatus, "name" | "message" | "capResetsAt">;
/** What is wrong with the two halves of a watcher. JSON. */
export interface ChannelProblems {
  readonly archive?: ChannelProblem;
  readonly detection?: ChannelProblem;
}

/** Summarizes the problems of both halves: an error first, and the archive's before the detection's. */
export const summarizeProblems = ({ archive, detection }: ChannelProblems): ChannelProblem => {
  const error = [archive, detection].find((problem) => problem?.name === "error");
  return error ?? archive ?? detection ?? { name: "watching", message: "" };
};

/** Replaces the problem of one half; undefined if it has none. */
export const replaceProblem = (
  problems: ChannelProblems,
  half: keyof ChannelProblems,
  problem: ChannelProblem | undefined,
): ChannelProblems => {
  const { [half]: _, ...others } = problems;
  return problem === undefined ? others : { ...others, [half]: problem };
};

/** Whether a cap is reached whose count has not begun again. @param now epoch seconds */
const isCapped = ({ name, capResetsAt }: ChannelProblem, now: number): boolean =>
  name === "capped" && capResetsAt !== undefined && capResetsAt > now;

/**
 * Describes why frames were not detected; undefined if all were. A channel stays capped until the count of the cap begins
 * again: frames that are detected meanwhile use its even rate.
 *
 * @param before the problem so far
 * @param now epoch seconds
 */
export const describeUndetected = (
  reasons: readonly UndetectedReason[],
  before: ChannelProblem | undefined,
  now: number,
): ChannelProblem | undefined => {
  for (const reason of reasons)
    if (reason.kind === "capped") {
      const { cap, resetsAt } = reason.decision;
      return resetsAt === undefined
        ? {
            name: "capped",
            message: `One detection costs more than ${cap}: the channel is archived and not searched. Raise ${cap}.`,
          }
        : {
            name: "capped",
            message: `The cap ${cap} is reached: until ${new Date(resetsAt * 1000).toISOString()}, frames are detected at the even rate of the cap, and the others are only archived.`,
            capResetsAt: resetsAt,
          };
    }
  return before !== undefined && isCapped(before, now) ? before : undefined;
};

/** Removes the problem of a cap whose count has begun again. @param now epoch seconds */
export const removeExpiredCap = (problems: ChannelProblems, now: number): ChannelProblems =>
  problems.detection?.capResetsAt !== undefined && !isCapped(problems.detection, now)
    ? replaceProblem(problems, "detection", undefined)
    : problems;

/** Describes why detection stays behind the archive. */
export const describeDetectionFailure = ({ message }: DetectionFailure): ChannelProblem => ({
  name: "error",
  message: `Detection failed: ${message} The channel is archived, and detection is tried again.`,
});

/** Describes why a playlist has no new segments; undefined if it may have some at the next poll. */
export const describePosition = ({
  isEnded,
  isStalled,
  changedMs,
}: PlaylistPosition): ChannelProblem | undefined => {
  if (isEnded)
    return {
      name: "ended",
      message: "The playlist has ended. The channel is watched again when it has new segments.",
    };
  if (isStalled)
    return {
      name: "stalled",
      message: `The playlist has had no new segment since ${new Date(changedMs).toISOString()}. Check the encoder.`,
    };
  return undefined;
};

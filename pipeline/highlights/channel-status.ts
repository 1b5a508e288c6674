import type { DetectionFailure } from "../ports/label-detector.ts";
import type { ChannelStatus } from "./appearance-store.ts";
import type { UndetectedReason } from "./detect-frame.ts";
import type { PlaylistPosition } from "./playlist/position.ts";

/** Why a channel is not watched as it should be, for people. */
export type ChannelProblem = Pick<ChannelStatus, "name" | "message">;
/** What is wrong with the two halves of a watcher. JSON. */
export interface ChannelProblems {
  readonly archive?: ChannelProblem;
  readonly detection?: ChannelProblem;
}

/** Without segments there is nothing to detect: the archive's problem is told first. */
export const summarizeProblems = ({ archive, detection }: ChannelProblems): ChannelProblem =>
  archive ?? detection ?? { name: "watching", message: "" };

/** Replaces the problem of one half; undefined if it has none. */
export const replaceProblem = (
  problems: ChannelProblems,
  half: keyof ChannelProblems,
  problem: ChannelProblem | undefined,
): ChannelProblems => {
  const { [half]: _, ...others } = problems;
  return problem === undefined ? others : { ...others, [half]: problem };
};

/** Describes why frames were not detected; undefined if all were. */
export const describeUndetected = (reasons: readonly UndetectedReason[]): ChannelProblem | undefined => {
  for (const reason of reasons)
    if (reason.kind === "capped") {
      const { cap, resetsAt } = reason.decision;
      return {
        name: "capped",
        message: `The cap ${cap} is reached: the channel is archived and not searched${resetsAt === undefined ? "" : ` until ${new Date(resetsAt * 1000).toISOString()}`}.`,
      };
    }
  return undefined;
};

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

import { type ChannelPart, type ChannelStatus, channelParts } from "./appearance-store.ts";
import type { PlaylistPosition } from "./playlist/position.ts";

/** Why a channel is not watched as it should be, for people. */
export type ChannelProblem = Pick<ChannelStatus, "name" | "message" | "capResetsAt">;

/** What is wrong with the parts of a watcher. JSON. */
export type ChannelProblems = Readonly<Partial<Record<ChannelPart, ChannelProblem>>>;

/**
 * Summarizes the problems of all parts: the name is that of the first error, else of the first problem; the message has
 * all of them.
 */
export const summarizeProblems = (
  problems: ChannelProblems,
): Pick<ChannelStatus, "name" | "message" | "capResetsAt" | "parts"> => {
  const parts = channelParts.filter((part) => problems[part] !== undefined);
  const all = parts.flatMap((part) => problems[part] ?? []);
  const errorsFirst = [
    ...all.filter(({ name }) => name === "error"),
    ...all.filter(({ name }) => name !== "error"),
  ];
  const [first] = errorsFirst;
  if (first === undefined) return { name: "watching", message: "" };
  const { capResetsAt } = problems.cap ?? {};
  return {
    name: first.name,
    message: errorsFirst.map(({ message }) => message).join(" "),
    parts,
    ...(capResetsAt === undefined ? {} : { capResetsAt }),
  };
};

/** Messages of detectors and servers can be long, and the state of a channel has a limit (`maxStateBytes`). */
const maxMessageCharacters = 1000;

/** Replaces the problem of one part; undefined if it has none. A long message is cut. */
export const replaceProblem = (
  problems: ChannelProblems,
  part: ChannelPart,
  problem: ChannelProblem | undefined,
): ChannelProblems => {
  const { [part]: _, ...others } = problems;
  if (problem === undefined) return others;
  const { message } = problem;
  return {
    ...others,
    [part]:
      message.length <= maxMessageCharacters
        ? problem
        : { ...problem, message: `${message.slice(0, maxMessageCharacters - 1)}…` },
  };
};

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

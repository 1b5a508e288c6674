import type { ChannelStatus } from "../../pipeline/highlights/appearance-store.ts";

/** Why people should look at a channel; undefined if it is watched, or has ended as channels do. */
export const describeChannelProblem = (
  failure: string | undefined,
  status: Pick<ChannelStatus, "name" | "message"> | undefined,
): string | undefined => {
  if (failure !== undefined) return failure;
  if (status === undefined || status.name === "watching" || status.name === "ended") return undefined;
  return status.message;
};

/** Creates a function that prints a line when a channel's problem changes, and when it is over. */
export const createChannelNotices = (notify: (line: string) => void) => {
  const problems = new Map<string, string>();
  return (channel: string, problem: string | undefined): void => {
    const previous = problems.get(channel);
    if (problem === previous) return;
    if (problem === undefined) {
      problems.delete(channel);
      notify(`Channel ${channel} is watched again.`);
      return;
    }
    problems.set(channel, problem);
    notify(`Warning: Channel ${channel}: ${problem}`);
  };
};

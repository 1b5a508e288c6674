/** Pauses between two reads of a channel, milliseconds: after a change, and the longest ones. */
export const pollDelaysMs = { shortest: 2500, clipPending: 5000, watched: 10_000, still: 30_000 };

const growth = 1.5;

/** What is known after a read of a channel. */
export interface ReadOutcome {
  /** Whether the read has found something new. */
  readonly hasChanged: boolean;
  /** Whether a clip is still to be made. */
  readonly hasPendingClip: boolean;
  /** Whether new segments are expected. */
  readonly isWatched: boolean;
}

/** Chooses the pause before the next read: short after a change, and longer as long as nothing changes. */
export const choosePollDelayMs = (
  previousMs: number,
  { hasChanged, hasPendingClip, isWatched }: ReadOutcome,
): number => {
  if (hasChanged) return pollDelaysMs.shortest;
  const longest = hasPendingClip ? "clipPending" : isWatched ? "watched" : "still";
  return Math.min(pollDelaysMs[longest], previousMs * growth);
};

import type { FrameReference } from "./segment.ts";

/** A label that the channel shows, or showed until fewer absent frames ago than end an appearance. */
export interface PresentLabel {
  readonly label: string;
  readonly isPresent: true;
  /** The first frame that the label was found in. */
  readonly firstPresent: FrameReference;
  /** The last one. */
  readonly lastPresent: FrameReference;
  /** The first frame without the label after `lastPresent`. */
  readonly firstAbsent?: FrameReference;
  /** Number of frames without the label after `lastPresent`. */
  readonly absentCount: number;
  /** Highest so far, percent. */
  readonly confidence: number;
}
/** A label that the channel does not show. */
export interface AbsentLabel {
  readonly label: string;
  readonly isPresent: false;
  /** The last frame without the label, or the end of the segment at which a gap ended an appearance. */
  readonly lastAbsent?: FrameReference;
}
/** State of a label in a channel. JSON. */
export type LabelState = PresentLabel | AbsentLabel;

/** Whether a frame shows a label. */
export interface LabelObservation {
  readonly frame: FrameReference;
  /** Percent; absent if the frame does not show the label. */
  readonly confidence?: number;
}

/** An edge of an appearance that is to be found between two frames. */
export type TrackerAction =
  | {
      readonly kind: "findStart";
      readonly label: string;
      /**
       * The last frame without the label, or the end of the last segment before a gap (`getSegmentEnd`); absent if no
       * earlier frame was observed.
       */
      readonly absent?: FrameReference;
      /** The first frame that the label was found in: identifies the appearance. */
      readonly present: FrameReference;
      /** Percent. */
      readonly confidence: number;
    }
  | {
      readonly kind: "findEnd";
      readonly label: string;
      /** Identifies the appearance. */
      readonly firstPresent: FrameReference;
      /** The last frame with the label. */
      readonly present: FrameReference;
      /** The first frame without it, or the end of the last segment before a gap (`getSegmentEnd`). */
      readonly absent: FrameReference;
      /** Highest of the appearance, percent. */
      readonly confidence: number;
    };

/** A state and what follows from the change to it. */
export interface Transition<State> {
  readonly state: State;
  readonly actions: readonly TrackerAction[];
}

const start = (
  { label, lastAbsent }: AbsentLabel,
  frame: FrameReference,
  confidence: number,
): Transition<LabelState> => ({
  state: { label, isPresent: true, firstPresent: frame, lastPresent: frame, absentCount: 0, confidence },
  actions: [
    {
      kind: "findStart",
      label,
      ...(lastAbsent === undefined ? {} : { absent: lastAbsent }),
      present: frame,
      confidence,
    },
  ],
});

const end = (
  { label, firstPresent, lastPresent, confidence }: PresentLabel,
  absent: FrameReference,
  lastAbsent: FrameReference | undefined,
): Transition<LabelState> => ({
  state: { label, isPresent: false, ...(lastAbsent === undefined ? {} : { lastAbsent }) },
  actions: [{ kind: "findEnd", label, firstPresent, present: lastPresent, absent, confidence }],
});

/**
 * Adds an observation to the state of a label. Observations arrive in the order of their frames.
 *
 * @param absentFrames number of frames in a row without the label that end an appearance, at least 1. Fewer belong to
 *   the appearance
 */
export const observe = (
  state: LabelState,
  { frame, confidence }: LabelObservation,
  absentFrames: number,
): Transition<LabelState> => {
  if (!state.isPresent)
    return confidence === undefined
      ? { state: { label: state.label, isPresent: false, lastAbsent: frame }, actions: [] }
      : start(state, frame, confidence);
  if (confidence !== undefined) {
    const { label, isPresent, firstPresent } = state;
    const highest = Math.max(state.confidence, confidence);
    return {
      state: { label, isPresent, firstPresent, lastPresent: frame, absentCount: 0, confidence: highest },
      actions: [],
    };
  }
  const firstAbsent = state.firstAbsent ?? frame;
  const absentCount = state.absentCount + 1;
  return absentCount >= absentFrames
    ? end(state, firstAbsent, frame)
    : { state: { ...state, firstAbsent, absentCount }, actions: [] };
};

/**
 * States of a channel's labels. JSON. A label without an entry is absent since `lastFrame`, so that the state grows with
 * the labels of the last frames only.
 */
export interface ChannelLabels {
  /** The last observed frame; absent before the first one. */
  readonly lastFrame?: FrameReference;
  /** Ordered by label. */
  readonly labels: readonly LabelState[];
}

/** State of a channel without observations. */
export const noLabels: ChannelLabels = { labels: [] };

const join = (
  transitions: readonly Transition<LabelState>[],
  lastFrame: FrameReference | undefined,
): Transition<ChannelLabels> => ({
  state: {
    ...(lastFrame === undefined ? {} : { lastFrame }),
    labels: transitions
      .map(({ state }) => state)
      .filter((state) => state.isPresent || state.lastAbsent !== lastFrame)
      .sort((a, b) => (a.label < b.label ? -1 : 1)),
  },
  actions: transitions.flatMap(({ actions }) => actions),
});

/**
 * Adds a frame to the states of a channel's labels.
 *
 * @param labels what the frame shows. Of equal names, the highest confidence counts
 * @param absentFrames as in `observe`
 */
export const observeFrame = (
  { lastFrame, labels: states }: ChannelLabels,
  frame: FrameReference,
  labels: readonly { readonly name: string; readonly confidence: number }[],
  absentFrames: number,
): Transition<ChannelLabels> => {
  const confidences = new Map<string, number>();
  for (const { name, confidence } of labels)
    confidences.set(name, Math.max(confidence, confidences.get(name) ?? 0));
  const trackedLabels = new Set(states.map(({ label }) => label));
  const newStates = [...confidences.keys()]
    .filter((label) => !trackedLabels.has(label))
    .map((label): AbsentLabel => ({ label, isPresent: false, ...(lastFrame && { lastAbsent: lastFrame }) }));
  const transitions = [...states, ...newStates].map((state) => {
    const confidence = confidences.get(state.label);
    return observe(state, { frame, ...(confidence === undefined ? {} : { confidence }) }, absentFrames);
  });
  return join(transitions, frame);
};

/**
 * Ends what a channel shows, because it has ended, has restarted, or misses segments.
 *
 * @param segmentEnd end of the last segment before the gap
 */
export const closeLabels = (
  { lastFrame, labels }: ChannelLabels,
  segmentEnd: FrameReference,
): Transition<ChannelLabels> =>
  join(
    labels.map((state) => {
      if (!state.isPresent) return { state, actions: [] };
      const { firstAbsent } = state;
      return firstAbsent === undefined
        ? end(state, segmentEnd, segmentEnd)
        : end(state, firstAbsent, lastFrame);
    }),
    lastFrame,
  );

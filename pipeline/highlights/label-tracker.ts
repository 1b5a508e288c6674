import type { EdgeBound } from "./edge-search.ts";
import type { FrameReference } from "./segment.ts";
import type { ShownLabel } from "./shown-labels.ts";

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
  /** Whether it was last found as the name of a celebrity only. */
  readonly isCelebrity?: true;
}
/** A label that the channel does not show. */
export interface AbsentLabel {
  readonly label: string;
  readonly isPresent: false;
  /** The last frame without the label, or the end of the segment at which a gap ended an appearance. */
  readonly lastAbsent?: EdgeBound;
}
/** State of a label in a channel. JSON. */
export type LabelState = PresentLabel | AbsentLabel;

/** Whether a frame shows a label. */
export interface LabelObservation {
  readonly frame: FrameReference;
  /** Percent; absent if the frame does not show the label. */
  readonly confidence?: number;
  /** Whether it is found as the name of a celebrity only. */
  readonly isCelebrity?: boolean;
}

/** An edge of an appearance: between two frames, where it is to be found, or after a frame, without a search. */
export type TrackerAction =
  | {
      readonly kind: "findStart";
      readonly label: string;
      /**
       * The last frame without the label, or the end of the last segment before a gap (`getSegmentEnd`); absent if no
       * earlier frame was observed.
       */
      readonly absent?: EdgeBound;
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
      readonly absent: EdgeBound;
      /** Highest of the appearance, percent. */
      readonly confidence: number;
    }
  | {
      /** The appearance ends after the last frame known to show the label. */
      readonly kind: "endUnsearched";
      readonly label: string;
      /** Identifies the appearance. */
      readonly firstPresent: FrameReference;
      /** The last frame with the label. */
      readonly present: FrameReference;
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
  celebrity: Pick<PresentLabel, "isCelebrity">,
): Transition<LabelState> => ({
  state: {
    label,
    isPresent: true,
    firstPresent: frame,
    lastPresent: frame,
    absentCount: 0,
    confidence,
    ...celebrity,
  },
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
  absent: EdgeBound,
  lastAbsent: EdgeBound | undefined,
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
  { frame, confidence, isCelebrity = false }: LabelObservation,
  absentFrames: number,
): Transition<LabelState> => {
  const celebrity = isCelebrity ? ({ isCelebrity } as const) : {};
  if (!state.isPresent)
    return confidence === undefined
      ? { state: { label: state.label, isPresent: false, lastAbsent: frame }, actions: [] }
      : start(state, frame, confidence, celebrity);
  if (confidence !== undefined) {
    const { label, isPresent, firstPresent } = state;
    const highest = Math.max(state.confidence, confidence);
    return {
      state: {
        label,
        isPresent,
        firstPresent,
        lastPresent: frame,
        absentCount: 0,
        confidence: highest,
        ...celebrity,
      },
      actions: [],
    };
  }
  const firstAbsent = state.firstAbsent ?? frame;
  const absentCount = state.absentCount + 1;
  return absentCount >= absentFrames
    ? end(state, firstAbsent, frame)
    : { state: { ...state, firstAbsent, absentCount }, actions: [] };
};

/** Ends an appearance after the last frame known to show its label. */
const endUnsearched = ({
  label,
  firstPresent,
  lastPresent,
  confidence,
}: PresentLabel): Transition<LabelState> => ({
  state: { label, isPresent: false, lastAbsent: lastPresent },
  actions: [{ kind: "endUnsearched", label, firstPresent, present: lastPresent, confidence }],
});

/**
 * States of a channel's labels. JSON. A label without an entry is absent since `lastFrame`, so that the state grows with
 * the labels of the last frames only.
 */
export interface ChannelLabels {
  /** The last observed frame, or the end of the segment before a gap; absent before the first one. */
  readonly lastFrame?: EdgeBound;
  /** The last frame whose celebrities are known, if those of later ones are not. */
  readonly celebritiesKnownAt?: EdgeBound;
  /** Ordered by label. */
  readonly labels: readonly LabelState[];
}

/** State of a channel without observations. */
export const noLabels: ChannelLabels = { labels: [] };

/** What a frame shows. */
export interface FrameObservation {
  readonly frame: FrameReference;
  /** Of equal names, the highest confidence counts. */
  readonly labels: readonly ShownLabel[];
  /** Whether celebrities were requested and not recognized: those that it does not show are not absent. */
  readonly areCelebritiesUnknown?: boolean;
}

/** Seconds without knowledge of celebrities after which their appearances end, and do not begin earlier. */
const maxUnknownSeconds = 600;

/** Joins labels of one name. */
const joinByName = (
  labels: readonly ShownLabel[],
): ReadonlyMap<string, Required<Omit<LabelObservation, "frame">>> => {
  const joined = new Map<string, Required<Omit<LabelObservation, "frame">>>();
  for (const { name, confidence, isCelebrity = false } of labels) {
    const other = joined.get(name);
    joined.set(name, {
      confidence: Math.max(confidence, other?.confidence ?? 0),
      isCelebrity: isCelebrity && (other?.isCelebrity ?? true),
    });
  }
  return joined;
};

/** The frame before which a label begins that no frame has shown yet. */
const findLastAbsent = (
  { lastFrame, celebritiesKnownAt }: ChannelLabels,
  frame: FrameReference,
  isCelebrity: boolean | undefined,
): Pick<AbsentLabel, "lastAbsent"> => {
  if (lastFrame === undefined) return {};
  if (!isCelebrity || celebritiesKnownAt === undefined) return { lastAbsent: lastFrame };
  return {
    lastAbsent:
      frame.time - celebritiesKnownAt.time > maxUnknownSeconds
        ? { ...lastFrame, isCutOff: true }
        : celebritiesKnownAt,
  };
};

/**
 * Adds a frame to the states of a channel's labels.
 *
 * @param absentFrames as in `observe`
 */
export const observeFrame = (
  channelLabels: ChannelLabels,
  { frame, labels, areCelebritiesUnknown = false }: FrameObservation,
  absentFrames: number,
): Transition<ChannelLabels> => {
  const { lastFrame, celebritiesKnownAt, labels: states } = channelLabels;
  const shown = joinByName(labels);
  const trackedLabels = new Set(states.map(({ label }) => label));
  const newStates = [...shown]
    .filter(([label]) => !trackedLabels.has(label))
    .map(
      ([label, { isCelebrity }]): AbsentLabel => ({
        label,
        isPresent: false,
        ...findLastAbsent(channelLabels, frame, isCelebrity),
      }),
    );
  const transitions = [...states, ...newStates].map((state): Transition<LabelState> => {
    const found = shown.get(state.label);
    const isUnknown =
      found === undefined && areCelebritiesUnknown && state.isPresent && state.isCelebrity === true;
    if (!isUnknown) return observe(state, { frame, ...found }, absentFrames);
    return frame.time - state.lastPresent.time > maxUnknownSeconds
      ? endUnsearched(state)
      : { state, actions: [] };
  });
  const knownAt = areCelebritiesUnknown ? (celebritiesKnownAt ?? lastFrame) : undefined;
  return {
    state: {
      lastFrame: frame,
      ...(knownAt === undefined ? {} : { celebritiesKnownAt: knownAt }),
      labels: transitions
        .map(({ state }) => state)
        .filter((state) => state.isPresent || state.lastAbsent !== frame)
        .sort((a, b) => (a.label < b.label ? -1 : 1)),
    },
    actions: transitions.flatMap(({ actions }) => actions),
  };
};

/**
 * Ends what a channel shows, because it has ended, has restarted, or misses segments. Nothing that it shows later began
 * before.
 *
 * @param segmentEnd end of the last segment before the gap; cut off if the frames after it exist and are not searched
 */
export const closeLabels = ({ labels }: ChannelLabels, segmentEnd: EdgeBound): Transition<ChannelLabels> => ({
  state: { lastFrame: segmentEnd, labels: [] },
  actions: labels.flatMap((state) =>
    state.isPresent ? end(state, state.firstAbsent ?? segmentEnd, segmentEnd).actions : [],
  ),
});

/**
 * Ends what a channel shows after the last frames known to show it, because nobody looks further for a time: the channel
 * is paused, or detection is too far behind. What it still shows then, touches what has ended, and is merged with it.
 */
export const endLabelsUnsearched = ({ labels, ...rest }: ChannelLabels): Transition<ChannelLabels> => {
  const transitions = labels.map((state) =>
    state.isPresent ? endUnsearched(state) : { state, actions: [] },
  );
  return {
    state: { ...rest, labels: transitions.map(({ state }) => state) },
    actions: transitions.flatMap(({ actions }) => actions),
  };
};

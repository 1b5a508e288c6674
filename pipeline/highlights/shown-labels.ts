import type { ChannelSettings } from "../configuration/channels-schema.ts";
import type { Detection } from "../ports/label-detector.ts";
import type { Sighting } from "./appearance-store.ts";
import { isSameLabel } from "./label-name.ts";
import type { FrameReference } from "./segment.ts";

/** A label that a frame shows. */
export interface ShownLabel {
  readonly name: string;
  /** Percent. */
  readonly confidence: number;
  /** Whether it is the name of a celebrity. */
  readonly isCelebrity?: true;
}

/**
 * The labels of a detection whose appearances are clipped, as the configuration spells them. A celebrity counts as a
 * label with their name.
 */
export const selectClipLabels = (
  { clipLabels }: Pick<ChannelSettings, "clipLabels">,
  { labels, celebrities }: Detection,
): readonly ShownLabel[] =>
  [
    ...labels.map(({ name, confidence }): ShownLabel => ({ name, confidence })),
    ...celebrities.map(({ name, confidence }): ShownLabel => ({ name, confidence, isCelebrity: true })),
  ].flatMap((shown) => {
    const name = clipLabels.find((one) => isSameLabel(one, shown.name));
    return name === undefined ? [] : [{ ...shown, name }];
  });

/** Whether a label is only the name of a celebrity in a detection. */
export const isCelebrityLabel = (label: string, { labels, celebrities }: Detection): boolean =>
  !labels.some(({ name }) => isSameLabel(name, label)) &&
  celebrities.some(({ name }) => isSameLabel(name, label));

/** The labels and celebrities of a detection that are listed. Those to clip are listed too. */
export const listSightings = (
  { clipLabels, listLabels }: Pick<ChannelSettings, "clipLabels" | "listLabels">,
  { labels, celebrities }: Detection,
  frame: FrameReference,
  imageKey: string | undefined,
): readonly Sighting[] => {
  const shared = { frame, ...(imageKey === undefined ? {} : { imageKey }) };
  const isListed = (name: string): boolean =>
    listLabels === "all" || [...clipLabels, ...listLabels].some((label) => isSameLabel(label, name));
  return [
    ...labels
      .filter(({ name }) => isListed(name))
      .map(({ name, confidence }): Sighting => ({ kind: "label", id: name, name, confidence, ...shared })),
    ...celebrities.map(
      ({ id, name, confidence, urls }): Sighting => ({
        kind: "celebrity",
        id,
        name,
        confidence,
        urls,
        ...shared,
      }),
    ),
  ];
};

import type { BoundingBox, DetectedLabel } from "../ports/label-detector.ts";

/** One object in a frame. */
export interface DetectedObject {
  readonly name: string;
  /** Percent. */
  readonly confidence: number;
  /** Inside the frame. */
  readonly box: BoundingBox;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** Cuts a box at the edges of the frame: detectors estimate boxes of objects that the frame shows in part. */
export const cropBox = ({ left, top, width, height }: BoundingBox): BoundingBox => {
  const [cropLeft, cropTop] = [clamp(left), clamp(top)];
  return {
    left: cropLeft,
    top: cropTop,
    width: clamp(left + width) - cropLeft,
    height: clamp(top + height) - cropTop,
  };
};

/** Sorts by confidence, highest first. */
export const sortByConfidence = <Entry extends { readonly confidence: number }>(
  entries: readonly Entry[],
): readonly Entry[] => entries.toSorted((first, second) => second.confidence - first.confidence);

/** Groups objects by label: each label has the confidence of its surest object, and a box for each object. */
export const groupObjects = (
  objects: readonly DetectedObject[],
  minConfidence: number,
): readonly DetectedLabel[] => {
  const labels = new Map<string, DetectedLabel>();
  for (const { name, confidence, box } of sortByConfidence(objects))
    if (confidence >= minConfidence) {
      const label = labels.get(name) ?? { name, confidence, boxes: [] };
      labels.set(name, { ...label, boxes: [...label.boxes, box] });
    }
  return [...labels.values()];
};

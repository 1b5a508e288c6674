import { createHash } from "node:crypto";
import type { ClipRequest } from "./clipper.ts";
import { formatTime } from "./format-time.ts";

type NamedClip = Pick<ClipRequest, "clipId" | "label" | "startTime" | "endTime" | "cut">;

/** Longest part of a name that a label has, characters. */
const maxLabelLength = 40;

/** Identifies a clip in its channel: the same for the same id, times and cut. */
export const buildClipKey = ({ clipId, startTime, endTime, cut }: Omit<NamedClip, "label">): string =>
  `${clipId}-${Math.round(startTime * 1000)}-${Math.round(endTime * 1000)}${cut === "keyframe" ? "-keyframe" : ""}`;

/** The letters and digits of a label that are safe in any file name: ASCII. */
const toFileName = (label: string): string =>
  label
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^0-9A-Za-z]+/g, "-")
    .slice(0, maxLabelLength)
    .replaceAll(/^-+|-+$/g, "");

/**
 * Builds the name of a clip's files, for people: its start (UTC), its label or its seconds, and a hash that no other clip of
 * the channel has, e.g. `20261130T052211Z-Person-3fa91c`.
 */
export const buildClipName = (clip: NamedClip): string => {
  const { label = "", startTime, endTime } = clip;
  const start = `${formatTime(Math.floor(startTime)).slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const subject = toFileName(label) || `${Math.max(1, Math.round(endTime - startTime))}s`;
  const hash = createHash("sha256").update(buildClipKey(clip)).digest("hex").slice(0, 6);
  return `${start}-${subject}-${hash}`;
};

import { debianPrograms } from "../e2e/media-programs.ts";
import { describeColor } from "./describe-color.ts";

describeColor(debianPrograms(), [
  "untagged.mkv",
  "untagged-portrait.mkv",
  "tagged-sd.mp4",
  "impossible-matrix.mp4",
  "rgb-matrix.mp4",
  "rgb-screen.mkv",
  "full-range-10-bit.mkv",
  "ten-bit-422.mov",
  "vp9.webm",
  "wide-gamut.mkv",
]);

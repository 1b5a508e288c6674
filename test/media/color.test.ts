import { packagedPrograms } from "../e2e/media-programs.ts";
import { describeColor } from "./describe-color.ts";

describeColor(packagedPrograms(), [
  "tagged.mp4",
  "untagged.mkv",
  "untagged-sd.mkv",
  "impossible-matrix.mp4",
  "rgb-screen.mkv",
  "full-range.mp4",
  "full-range-10-bit.mkv",
  "jpeg-frames.avi",
  "wide-gamut.mkv",
]);

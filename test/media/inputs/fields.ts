import { buildGraphInput } from "./graphs.ts";
import { encodeInput, type InputKind, type MediaFacts } from "./media-input.ts";

const facts: MediaFacts = { videoSeconds: 1, hasMotion: true };
/** A bar that moves, in 50 fields a second. */
const buildFields = (size: readonly [number, number], order: "top" | "bottom"): readonly string[] => [
  ...buildGraphInput(
    `color=black:s=${size[0]}x2:r=50:d=1,format=yuv420p,geq=lum='if(between(mod(X-T*180,W),0,60),235,40)':cb=128:cr=128,scale=${size.join(":")}:flags=neighbor`,
  ),
  "-vf",
  `tinterlace=interleave_${order},setfield=${order === "top" ? "tff" : "bff"},setsar=64/45`,
];
const pal = [720, 576] as const;

/** Frames of two fields. */
export const fields: InputKind = {
  title: "Interlaced video",
  inputs: [
    {
      name: "dv.avi",
      description: "PAL DV, bottom field first, for which ffprobe knows no order",
      isSample: true,
      create: encodeInput(buildFields(pal, "bottom"), "-c:v", "dvvideo", "-pix_fmt", "yuv420p"),
      facts,
    },
    {
      name: "interlaced-prores.mov",
      description: "ProRes, top field first",
      create: encodeInput(
        buildFields(pal, "top"),
        ...["-c:v", "prores_ks", "-flags", "+ildct", "-pix_fmt", "yuv422p10le"],
      ),
      facts,
    },
    {
      name: "interlaced-xdcam.mxf",
      description: "MPEG-2 4:2:2 in MXF, top field first",
      create: encodeInput(
        buildFields(pal, "top"),
        ...["-c:v", "mpeg2video", "-pix_fmt", "yuv422p", "-flags", "+ildct+ilme", "-top", "1", "-b:v", "20M"],
      ),
      facts,
    },
    {
      name: "interlaced-h264.ts",
      description: "H.264, top field first",
      create: encodeInput(
        buildFields(pal, "top"),
        ...["-c:v", "libx264", "-preset", "ultrafast", "-flags", "+ildct+ilme", "-x264opts", "tff=1"],
      ),
      facts,
    },
  ],
};

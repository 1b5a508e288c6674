import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaPrograms } from "../../docker/ffmpeg/ffmpeg.ts";
import type { Capabilities } from "../../pipeline/media/capabilities.ts";

const video = (codec: string, width = 64, height = 48) =>
  `{"index":0,"codec_type":"video","codec_name":"${codec}","width":${width},"height":${height},"pix_fmt":"yuv420p","avg_frame_rate":"25/1","r_frame_rate":"25/1","duration":"2.0"}`;

/** Tells what a name promises: an image of a .png, a film of anything else. */
const ffprobe = `#!/bin/sh
for last; do :; done
case "$last" in
  *.png) echo '{"format":{"format_name":"png_pipe"},"streams":[${video("png")}]}' ;;
  *) echo '{"format":{"format_name":"mov,mp4","duration":"2.0","bit_rate":"1000"},"streams":[${video("h264")}]}' ;;
esac
`;

/** Makes two images of a numbered name, else one file. */
const ffmpeg = `#!/bin/sh
for last; do :; done
case "$last" in
  *%05d*) for number in 00001 00002; do printf 'image' > "\${last%%%05d*}$number\${last##*%05d}"; done ;;
  *) printf 'film' > "$last" ;;
esac
`;

/** What the stubs write, by the extension of an output's key. */
export const madeText = (key: string): string => (key.endsWith(".png") ? "image" : "film");

/** Programs in the place of ffmpeg and ffprobe that take no time: what is tested is what surrounds them. */
export const writeStubPrograms = async (folder: string): Promise<MediaPrograms> => {
  const programs = { ffmpeg: join(folder, "ffmpeg"), ffprobe: join(folder, "ffprobe") };
  for (const [path, text] of [
    [programs.ffmpeg, ffmpeg],
    [programs.ffprobe, ffprobe],
  ] as const) {
    await writeFile(path, text);
    await chmod(path, 0o755);
  }
  return programs;
};

export const stubCapabilities: Capabilities = {
  version: "stub",
  encoders: new Set(["libx264", "aac", "png", "mjpeg"]),
  muxers: new Set(["mp4", "image2"]),
  filters: new Set(["scale", "fps", "format"]),
  statsPeriod: false,
};

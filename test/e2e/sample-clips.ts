import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exifBlock, jpegWithExif, pngWithExif, tiffWithOrientation, webpWithExif } from "./exif-files.ts";
import type { MediaPrograms } from "./media-programs.ts";
import { writeSparseMovie } from "./sparse-movie.ts";

const lavfi = (graph: string) => ["-f", "lavfi", "-i", graph];
const videoSource = (size: string, seconds: number, rate = 25) =>
  lavfi(`testsrc=size=${size}:rate=${rate}:duration=${seconds}`);
const tone = (seconds: number) => lavfi(`sine=frequency=440:sample_rate=44100:duration=${seconds}`);
/** Red, green, blue and white quarters: every rotation and flip changes them. */
const quarters = (width: number, height: number, seconds = 1) => {
  const half = `${width / 2}:${height / 2}`;
  return lavfi(
    `color=white:s=${width}x${height}:r=25:d=${seconds},format=rgb24,drawbox=0:0:${half}:red:t=fill,drawbox=${width / 2}:0:${half}:lime:t=fill,drawbox=0:${height / 2}:${half}:blue:t=fill`,
  );
};
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"];
const interlaced = [
  ...["-vf", "tinterlace=interleave_top", "-c:v", "mpeg2video", "-flags", "+ildct+ilme"],
  ...["-top", "1", "-b:v", "4M", "-pix_fmt", "yuv420p"],
];
const still = ["-frames:v", "1"];

/** Difficult sources by file name, as ffmpeg arguments. */
const clips: Readonly<Record<string, readonly string[]>> = {
  "plain.mp4": [...videoSource("320x180", 3), ...tone(3), ...h264, "-c:a", "aac"],
  "odd.mkv": [...videoSource("321x181", 2), ...h264, "-pix_fmt", "yuv444p"],
  "ten-bit.mkv": [...quarters(320, 180), "-c:v", "ffv1", "-pix_fmt", "yuv420p10le"],
  "full-range.mkv": [...quarters(320, 180), ...h264, "-pix_fmt", "yuvj420p"],
  "variable.mkv": [
    ...[...videoSource("320x180", 4), ...tone(4), "-vf", "select='not(mod(n,5))+lt(n,20)'", "-vsync", "vfr"],
    ...[...h264, "-c:a", "libvorbis"],
  ],
  "clocked.mkv": [
    ...[...videoSource("320x180", 2, 1000), "-vf", "select='not(mod(n,33))+not(mod(n+7,131))'"],
    ...["-vsync", "vfr", ...h264],
  ],
  "interlaced.ts": [...lavfi("testsrc2=s=320x180:r=50:d=2"), ...interlaced],
  "interlaced.mov": [...lavfi("testsrc2=s=320x180:r=50:d=2"), ...interlaced],
  "silent.mp4": [...videoSource("320x180", 2), ...h264],
  "one-frame.mp4": [...videoSource("320x180", 1), ...still, ...h264],
  "anamorphic.mkv": [...quarters(320, 240, 2), "-vf", "setsar=4/3", ...h264],
  "sound.mka": [...tone(3), "-c:a", "flac"],
  "tone.wav": tone(3),
  "silence.wav": [...lavfi("anullsrc=r=44100:cl=stereo"), "-t", "2"],
  "quiet-start.aac": [...lavfi("aevalsrc='if(lt(t,3),0,random(0)*0.8)':s=44100:d=6"), "-c:a", "aac"],
  "long-sound.mkv": [...videoSource("320x180", 2), ...tone(4), ...h264, "-c:a", "aac"],
  "large.mkv": [...videoSource("1280x720", 4, 30), ...tone(4), ...h264, "-c:a", "aac"],
  "upright-90.mov": [...quarters(180, 320), "-vf", "transpose=cclock", ...h264],
  "upright-180.mov": [...quarters(320, 180), "-vf", "hflip,vflip", ...h264],
  "upright-270.mov": [...quarters(180, 320), "-vf", "transpose=clock", ...h264],
  "picture.png": [
    ...lavfi("color=red@0.5:s=200x100,format=rgba,drawbox=0:0:100:100:black@0:t=fill:replace=1"),
    ...[...still, "-pix_fmt", "rgba"],
  ],
  "gray-alpha.png": [...lavfi("color=black@0:s=64x32,format=rgba"), ...still, "-pix_fmt", "ya8"],
  "deep-alpha.png": [...lavfi("color=black@0:s=64x32,format=rgba"), ...still, "-pix_fmt", "rgba64be"],
  "lossless.webp": [
    ...lavfi("color=red@0.5:s=200x100,format=rgba,drawbox=0:0:100:100:black@0:t=fill:replace=1"),
    ...[...still, "-c:v", "libwebp", "-lossless", "1", "-pix_fmt", "bgra"],
  ],
  "wide.jpg": [...videoSource("2000x500", 1, 1), ...still, "-q:v", "5"],
  "quarters.jpg": [...quarters(128, 64), ...still, "-q:v", "2"],
  "quarters.png": [...quarters(128, 64), ...still],
  "quarters.webp": [...quarters(128, 64), ...still, "-pix_fmt", "yuv420p"],
  "quarters.tiff": [...quarters(128, 64), ...still, "-pix_fmt", "rgb24"],
  "moving.gif": videoSource("120x80", 1, 5),
};

/** Rotation that the packaged build writes into the track header: degrees counter-clockwise. */
const turned: Readonly<Record<string, number>> = {
  "upright-90.mov": 270,
  "upright-180.mov": 180,
  "upright-270.mov": 90,
  "interlaced.mov": 90,
};

const makeImages = async (resolvePath: (name: string) => string): Promise<void> => {
  const jpeg = await readFile(resolvePath("quarters.jpg"));
  for (let orientation = 1; orientation <= 8; orientation += 1)
    await writeFile(resolvePath(`exif-${orientation}.jpg`), jpegWithExif(jpeg, exifBlock(orientation)));
  const png = await readFile(resolvePath("quarters.png"));
  await writeFile(resolvePath("exif-6.png"), pngWithExif(png, exifBlock(6)));
  const webp = await readFile(resolvePath("quarters.webp"));
  await writeFile(
    resolvePath("exif-6.webp"),
    webpWithExif(webp, exifBlock(6, true), { width: 128, height: 64 }),
  );
  await writeFile(
    resolvePath("exif-6.tiff"),
    tiffWithOrientation(await readFile(resolvePath("quarters.tiff")), 6),
  );
};

const makeInvalidMedia = async (resolvePath: (name: string) => string): Promise<void> => {
  const largeClip = await readFile(resolvePath("large.mkv"));
  await writeFile(resolvePath("cut.mkv"), largeClip.subarray(0, Math.floor(largeClip.length / 2)));
  await writeFile(resolvePath("text.mp4"), "This is no video, it only says so.\n".repeat(50));
};

/** Makes all sample clips in a folder. */
export const makeClips = async (programs: MediaPrograms, folder: string): Promise<void> => {
  const resolvePath = (name: string) => join(folder, name);
  for (const [name, args] of Object.entries(clips)) await programs.ffmpeg([...args, resolvePath(name)]);
  for (const [name, degrees] of Object.entries(turned))
    await programs.ffmpeg([
      ...[
        "-i",
        resolvePath(name),
        "-c",
        "copy",
        "-metadata:s:v:0",
        `rotate=${degrees}`,
        resolvePath(`turned-${name}`),
      ],
    ]);
  // A pipe cannot be rewritten with the duration, as in browsers' recordings.
  const live = [...["-i", resolvePath("plain.mp4"), "-c:v", "libvpx", "-b:v", "300k"], "-c:a", "libvorbis"];
  await writeFile(resolvePath("live.webm"), await programs.ffmpegOutput([...live, "-f", "webm", "-"]));
  for (const name of ["covered.mp3", "covered.m4a"])
    await programs.ffmpeg([
      ...[
        "-i",
        resolvePath("tone.wav"),
        "-i",
        resolvePath("quarters.jpg"),
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-c:v",
        "copy",
      ],
      ...["-id3v2_version", "3", "-disposition:v", "attached_pic", resolvePath(name)],
    ]);
  await makeImages(resolvePath);
  await makeInvalidMedia(resolvePath);
  await writeSparseMovie(resolvePath("plain.mp4"), resolvePath("far.mp4"), 5 * 1024 ** 3);
};

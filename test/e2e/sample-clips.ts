import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ffmpeg } from "./media-programs.ts";

const picture = (size: string, seconds: number, rate = 25) => [
  "-f",
  "lavfi",
  "-i",
  `testsrc=size=${size}:rate=${rate}:duration=${seconds}`,
];
const tone = (seconds: number) => [
  "-f",
  "lavfi",
  "-i",
  `sine=frequency=440:sample_rate=44100:duration=${seconds}`,
];
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"];

/** The hard kinds of source by file name, as ffmpeg's arguments. */
const clips: Readonly<Record<string, readonly string[]>> = {
  "plain.mp4": [...picture("320x180", 3), ...tone(3), ...h264, "-c:a", "aac"],
  "odd.mkv": [...picture("321x181", 2), ...h264, "-pix_fmt", "yuv444p"],
  "ten-bit.mkv": [...picture("320x180", 2), "-c:v", "ffv1", "-pix_fmt", "yuv420p10le"],
  "variable.mkv": [
    ...picture("320x180", 4),
    ...tone(4),
    "-vf",
    "select='not(mod(n,5))+lt(n,20)'",
    "-vsync",
    "vfr",
    ...h264,
    "-c:a",
    "libvorbis",
  ],
  "interlaced.ts": [
    ...picture("320x180", 2, 50),
    "-vf",
    "tinterlace=4",
    "-c:v",
    "mpeg2video",
    "-flags",
    "+ildct+ilme",
    "-b:v",
    "2M",
  ],
  "silent.mp4": [...picture("320x180", 2), ...h264],
  "one-frame.mp4": [...picture("320x180", 1), "-frames:v", "1", ...h264],
  "anamorphic.mkv": [...picture("320x240", 2), "-vf", "setsar=4/3", ...h264],
  "sound.mka": [...tone(3), "-c:a", "flac"],
  "tone.wav": [...tone(3)],
  "silence.wav": ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", "2"],
  "long-sound.mkv": [...picture("320x180", 2), ...tone(4), ...h264, "-c:a", "aac"],
  "small.webm": [...picture("160x90", 2), "-c:v", "libvpx", "-b:v", "200k"],
  "large.mkv": [...picture("1280x720", 4, 30), ...tone(4), ...h264, "-c:a", "aac"],
  "picture.png": [
    "-f",
    "lavfi",
    "-i",
    "color=red@0.5:s=200x101,format=rgba",
    "-frames:v",
    "1",
    "-pix_fmt",
    "rgba",
  ],
  "wide.jpg": [...picture("2000x500", 1, 1), "-frames:v", "1", "-q:v", "5"],
  "moving.gif": [...picture("120x80", 1, 5)],
  "still.tiff": [...picture("120x80", 1, 1), "-frames:v", "1", "-pix_fmt", "rgb24"],
  "still.webp": [...picture("120x80", 1, 1), "-frames:v", "1"],
};

/** A JPEG's bytes with an EXIF segment that says how it is to be turned (TIFF tag 0x0112). */
const withOrientation = (jpeg: Buffer, orientation: number): Buffer => {
  const exif = Buffer.from(
    `457869660000${"4d4d002a00000008"}${"0001"}${"0112"}${"0003"}${"00000001"}${orientation.toString(16).padStart(4, "0")}0000${"00000000"}`,
    "hex",
  );
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)]);
};

/** Makes all sample clips in a folder. */
export const makeClips = async (folder: string): Promise<void> => {
  const at = (name: string) => join(folder, name);
  for (const [name, args] of Object.entries(clips)) await ffmpeg([...args, at(name)]);
  await ffmpeg(["-i", at("plain.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=90", at("rotated.mov")]);
  await ffmpeg([
    ...["-i", at("tone.wav"), "-i", at("picture.png"), "-map", "0:a", "-map", "1:v"],
    ...[
      "-c:a",
      "libmp3lame",
      "-c:v",
      "copy",
      "-id3v2_version",
      "3",
      "-disposition:v",
      "attached_pic",
      at("covered.mp3"),
    ],
  ]);
  await writeFile(at("turned.jpg"), withOrientation(await readFile(at("wide.jpg")), 6));
  const whole = await readFile(at("large.mkv"));
  await writeFile(at("cut.mkv"), whole.subarray(0, Math.floor(whole.length / 2)));
  await writeFile(at("text.mp4"), "This is no video, it only says so.\n".repeat(50));
  await writeFile(
    at("playlist.mp4"),
    `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${at("plain.mp4")}\n#EXT-X-ENDLIST\n`,
  );
  await writeFile(at("concat.mp4"), `ffconcat version 1.0\nfile ${at("plain.mp4")}\n`);
};

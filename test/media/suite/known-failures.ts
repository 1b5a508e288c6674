/** A row that fails on the present code. */
export interface KnownFailure {
  readonly input: string;
  readonly recipe: string;
  readonly property: string;
  /** Absent: with both builds. */
  readonly build?: string;
}

/** Rows that fail, each until the code is right. The page lists them. */
export const knownFailures: readonly KnownFailure[] = [
  { input: "late-video.ts", recipe: "frames", property: "images" },
  { input: "late-video.ts", recipe: "frames", property: "time in images" },
  { input: "gop-40.ts", recipe: "frames", property: "images" },
  { input: "gop-40.ts", recipe: "frames", property: "time in images" },
  { input: "gop-250.ts", recipe: "frames", property: "images" },
  { input: "gop-250.ts", recipe: "frames", property: "time in images" },
  { input: "gop-40.mpg", recipe: "clip", property: "end of video" },
  { input: "gop-40.mpg", recipe: "frames", property: "images" },
  { input: "gop-40.mpg", recipe: "frames", property: "time in images" },
  { input: "gop-250.mpg", recipe: "clip", property: "end of video" },
  { input: "gop-250.mpg", recipe: "frames", property: "images" },
  { input: "gop-250.mpg", recipe: "frames", property: "time in images" },
  { input: "gop-40-mpeg2.mpg", recipe: "frames", property: "images" },
  { input: "gop-40-mpeg2.mpg", recipe: "frames", property: "time in images" },
  { input: "vfr-grid.mov", recipe: "ladder", property: "flash", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "ladder", property: "flash to beep", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "ladder", property: "flash (MSE)", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "ladder", property: "flash to beep (MSE)", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "preset Web", property: "flash", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "preset Web", property: "flash to beep", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "preset HLS 1M", property: "flash", build: "the packaged ffmpeg" },
  { input: "vfr-grid.mov", recipe: "preset HLS 1M", property: "flash to beep" },
  { input: "vfr-grid.mkv", recipe: "watermark", property: "frames" },
  { input: "vfr-grid.mkv", recipe: "ladder", property: "frames" },
  { input: "sparse-frames.webm", recipe: "clip", property: "status" },
  { input: "sparse-frames.webm", recipe: "clip", property: "flash" },
  { input: "sparse-frames.webm", recipe: "clip", property: "flash to beep" },
  { input: "sparse-frames.webm", recipe: "frames", property: "images" },
  { input: "sparse-frames.mp4", recipe: "watermark", property: "flash" },
  { input: "sparse-frames.mp4", recipe: "watermark", property: "flash to beep" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "status", build: "the packaged ffmpeg" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "flash" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "flash to beep" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "flash (MSE)" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "flash to beep (MSE)" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "HLS duration", build: "the packaged ffmpeg" },
  { input: "sparse-frames.mp4", recipe: "ladder", property: "DASH duration", build: "the packaged ffmpeg" },
  { input: "sparse-frames.mp4", recipe: "clip", property: "status" },
  { input: "sparse-frames.mp4", recipe: "clip", property: "flash" },
  { input: "sparse-frames.mp4", recipe: "clip", property: "flash to beep" },
  { input: "sparse-frames.mp4", recipe: "preset Web", property: "status", build: "the packaged ffmpeg" },
  { input: "sparse-frames.mp4", recipe: "preset Web", property: "flash", build: "the packaged ffmpeg" },
  {
    input: "sparse-frames.mp4",
    recipe: "preset Web",
    property: "flash to beep",
    build: "the packaged ffmpeg",
  },
  { input: "sparse-frames.mp4", recipe: "preset HLS 1M", property: "status", build: "the packaged ffmpeg" },
  { input: "sparse-frames.mp4", recipe: "preset HLS 1M", property: "flash" },
  { input: "sparse-frames.mp4", recipe: "preset HLS 1M", property: "flash to beep" },
  { input: "audio-outlasts.mkv", recipe: "preset HLS 1M", property: "status" },
  { input: "audio-outlasts.mp4", recipe: "preset HLS 1M", property: "status" },
  { input: "starts-at-26-hours.ts", recipe: "frames", property: "images" },
  { input: "starts-at-26-hours.ts", recipe: "frames", property: "time in images" },
  { input: "clock-wraps.ts", recipe: "frames", property: "images" },
  { input: "clock-wraps.ts", recipe: "frames", property: "time in images" },
  { input: "size-change.webm", recipe: "watermark", property: "aspect of a square" },
  { input: "size-change.webm", recipe: "ladder", property: "aspect of a square" },
  { input: "size-change.webm", recipe: "ladder", property: "HLS duration" },
  { input: "size-change.webm", recipe: "ladder", property: "DASH duration" },
  { input: "size-change.webm", recipe: "clip", property: "status" },
  { input: "size-change.webm", recipe: "frames", property: "images" },
  { input: "size-change.webm", recipe: "preset Web", property: "aspect of a square" },
  { input: "size-change.webm", recipe: "preset HLS 1M", property: "aspect of a square" },
  { input: "surround-5.1.mp4", recipe: "preset Web", property: "true peak", build: "Debian's ffmpeg" },
];

/** Whether a row is in the list. */
export const isKnownFailure = (
  { input, recipe, property, build }: Required<KnownFailure>,
  failures: readonly KnownFailure[] = knownFailures,
): boolean =>
  failures.some(
    (failure) =>
      failure.input === input &&
      failure.recipe === recipe &&
      failure.property === property &&
      (failure.build === undefined || failure.build === build),
  );

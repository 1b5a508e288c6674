/** What one process of ffmpeg or ffprobe works on, as far as it decides how much memory is honest. */
export interface MediaWorkload {
  /** `still`: one image is decoded; `video`: a stream, with frames in flight in decoder, filters and encoders. */
  readonly kind: "image" | "video";
  /** Pixels of the largest frame that is decoded or made. */
  readonly pixels: number;
  /** Encoders that run at the same time. */
  readonly encoderCount: number;
  /** Frames that each encoder looks ahead: `short` for x264's veryfast, `long` for any preset. */
  readonly lookahead: "short" | "long";
  /** Threads of each decoder and encoder. */
  readonly threads: number;
  /** Still images that are decoded besides: watermarks. */
  readonly images?: readonly StillImage[];
  /** Size of a source that is held whole, as every still image is. */
  readonly fileBytes?: number;
}
export interface StillImage {
  readonly pixels: number;
  readonly fileBytes: number;
}
export interface MemoryLimit {
  /** Private writable memory, touched or not: RLIMIT_DATA. */
  readonly dataBytes: number;
  /** Memory that is held. */
  readonly residentBytes: number;
  /** The task's own memory is the bound, not what such media may take. */
  readonly isLimitedByTask: boolean;
}

const mebibyte = 2 ** 20;
/** Code, tables and buffers of a build, whatever it does: 213 MiB measured at 640 × 360. */
const baseBytes = 384 * mebibyte;
/** Stacks of 8 MiB: a thread each for decoder, filter and encoder. */
const bytesPerThread = 24 * mebibyte;
/** 20 measured, for 16 bits a channel. */
const bytesPerImagePixel = 32;
/** The demuxer collects the whole file, its buffer doubles: 2 measured. */
const fileCopies = 3;
/** A video may change its size within: up to 1080p is never held against it. */
const minVideoPixels = 1920 * 1080;
/** Encoders ask for up to 1.45 times what they touch: measured with eight outputs. */
const overcommitFactor = 1.5;
/** Memory of the worker itself, and what the kernel needs for it. */
const workerBytes = 384 * mebibyte;

const estimateImageBytes = ({ pixels, fileBytes }: StillImage): number =>
  bytesPerImagePixel * pixels + fileCopies * fileBytes;

/**
 * Bytes for each pixel of a video's frame. Measured (SECURITY.md): 116 for a decoder alone at two threads (10 bit
 * 4:4:4, 16 reference frames); 60 to 130 for decoder and one x264 veryfast, 280 for each x264 medium; 17 more for
 * each thread of decoder and encoder.
 */
const estimateBytesPerVideoPixel = ({ encoderCount, lookahead, threads }: MediaWorkload): number =>
  160 + 24 * threads + encoderCount * ((lookahead === "short" ? 120 : 400) + 16 * threads);

/** At least one and a half times what honest media was measured to take. */
const estimateBytes = (workload: MediaWorkload): number => {
  const { kind, pixels, encoderCount, threads, images = [], fileBytes = 0 } = workload;
  const imageBytes = images.reduce((sum, image) => sum + estimateImageBytes(image), 0);
  return kind === "image"
    ? baseBytes + bytesPerThread * threads + estimateImageBytes({ pixels, fileBytes }) + imageBytes
    : baseBytes +
        bytesPerThread * threads * Math.max(1, encoderCount) +
        estimateBytesPerVideoPixel(workload) * Math.max(pixels, minVideoPixels) +
        imageBytes;
};

/**
 * The memory that one media process may take: generous for what its source says of itself, and never so much that the
 * kernel ends the worker beside it.
 *
 * @param taskBytes memory of the task or machine
 */
export const computeMemoryLimit = (workload: MediaWorkload, taskBytes: number): MemoryLimit => {
  const neededBytes = Math.ceil(estimateBytes(workload));
  const availableBytes = Math.floor(Math.max(taskBytes - workerBytes, taskBytes / 2));
  return {
    dataBytes: Math.min(neededBytes, Math.floor(availableBytes * overcommitFactor)),
    residentBytes: Math.min(neededBytes, availableBytes),
    isLimitedByTask: availableBytes < neededBytes,
  };
};

/** The limit for a program that describes itself, e.g. its encoders, and opens no media. */
export const capabilitiesMemoryLimit: MemoryLimit = {
  dataBytes: 512 * mebibyte,
  residentBytes: 512 * mebibyte,
  isLimitedByTask: false,
};

/** The limit for ffprobe, which decodes a frame or two of a source whose size is unknown until then. */
export const computeProbeMemoryLimit = (
  maxPixels: number,
  fileBytes: number,
  taskBytes: number,
): MemoryLimit =>
  computeMemoryLimit(
    { kind: "image", pixels: maxPixels / 2, encoderCount: 0, lookahead: "short", threads: 1, fileBytes },
    taskBytes,
  );

/** The properties of an ffmpeg or ffprobe run that determine how much memory it needs. */
export interface MediaWorkload {
  /** `image`: one image is decoded; `video`: a stream, with frames in flight in decoder, filters and encoders. */
  readonly kind: "image" | "video";
  /** Pixels of the largest frame that is decoded or encoded. */
  readonly pixels: number;
  /** Encoders that run at the same time. */
  readonly encoderCount: number;
  /** Lookahead of each encoder: `short` for x264's veryfast, `long` for any preset. */
  readonly lookahead: "short" | "long";
  /** Conversions in linear light that run at the same time, each with frames of 32-bit floats; absent: none. */
  readonly linearConversions?: number;
  /** Threads of each decoder and encoder. */
  readonly threads: number;
  /** Still images that are also decoded, i.e. watermarks. */
  readonly images?: readonly StillImage[];
  /** Size of a source that is held in memory, as every still image is. */
  readonly fileBytes?: number;
}
export interface StillImage {
  readonly pixels: number;
  readonly fileBytes: number;
}
export interface MemoryLimit {
  /** Private writable memory, used or not: RLIMIT_DATA. */
  readonly dataBytes: number;
  /** Resident memory. */
  readonly residentBytes: number;
  /** True if the task's memory sets the limit, not the estimate for the media. */
  readonly isLimitedByTask: boolean;
}

const mebibyte = 2 ** 20;
/** Code, tables and buffers of any run: 213 MiB measured at 640 × 360. */
const baseBytes = 384 * mebibyte;
/** Three stacks of 8 MiB: decoder, filter and encoder. */
const bytesPerThread = 24 * mebibyte;
/** 20 measured, with 16 bits per channel. */
const bytesPerImagePixel = 32;
/** The demuxer buffers the whole file, and the buffer doubles when it grows: 2 measured. */
const fileCopies = 3;
/** 28 measured for a tone map at 3840 × 2160: two frames of three floats, and lines of zscale. */
const linearBytesPerPixel = 48;
/** Lower bound, because a video may change its size up to 1080p. */
const minVideoPixels = 1920 * 1080;
/** Encoders allocate up to 1.45 times what they use: measured with eight outputs. */
const overcommitFactor = 1.5;
/** Memory of the worker itself, with the kernel's share. */
const workerBytes = 384 * mebibyte;

const estimateImageBytes = ({ pixels, fileBytes }: StillImage): number =>
  bytesPerImagePixel * pixels + fileCopies * fileBytes;

/**
 * Bytes per pixel of a video frame. Measured (SECURITY.md): 116 for a decoder alone with two threads (10-bit 4:4:4,
 * 16 reference frames); 60 to 130 for a decoder and one x264 veryfast; 280 for each x264 medium; 17 more for each
 * thread of decoder and encoder.
 */
const estimateBytesPerVideoPixel = ({
  encoderCount,
  linearConversions = 0,
  lookahead,
  threads,
}: MediaWorkload): number =>
  160 +
  24 * threads +
  encoderCount * ((lookahead === "short" ? 120 : 400) + 16 * threads) +
  linearBytesPerPixel * linearConversions;

/** At least 1.5 times the memory measured with valid media. */
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
 * Memory limit of one media process: a generous estimate for its source, and low enough that the kernel does not kill
 * the worker.
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

/** Limit for a run that only lists capabilities, e.g. encoders, and opens no media. */
export const capabilitiesMemoryLimit: MemoryLimit = {
  dataBytes: 512 * mebibyte,
  residentBytes: 512 * mebibyte,
  isLimitedByTask: false,
};

/** Limit for ffprobe, which decodes one or two frames of a source with an unknown frame size. */
export const computeProbeMemoryLimit = (maxPixels: number, taskBytes: number): MemoryLimit =>
  computeMemoryLimit(
    { kind: "image", pixels: maxPixels / 2, encoderCount: 0, lookahead: "short", threads: 1 },
    taskBytes,
  );

/** AVIF encoders take as much as the decoders of this many images: 50 bytes per pixel measured, and half as many more. */
const imagesPerAvif = 3;

/**
 * Limit for the image program, which decodes one image, scales it and encodes it.
 *
 * @param avifPixels of an AVIF output; 0 without one. Other encoders take less than the decoder
 * @param threads of libvips
 */
export const computeImageMemoryLimit = (
  image: StillImage,
  avifPixels: number,
  threads: number,
  taskBytes: number,
): MemoryLimit =>
  computeMemoryLimit(
    {
      ...image,
      kind: "image",
      encoderCount: 1,
      lookahead: "short",
      threads,
      images: [{ pixels: imagesPerAvif * avifPixels, fileBytes: 0 }],
    },
    taskBytes,
  );

import { readFile } from "node:fs/promises";

/** ISO/IEC 14496-12 boxes that say when samples are presented. */
export interface Mp4Edit {
  readonly seconds: number;
  /** Seconds of the media's time; absent for an empty edit. */
  readonly mediaSeconds?: number;
}
export interface Mp4Fragment {
  /** `tfdt`: decoding time of the first sample. */
  readonly decodeSeconds: number;
  /** Presentation time of the first sample: its composition offset is added, no edit is applied. */
  readonly presentationSeconds: number;
  readonly durationSeconds: number;
  readonly sampleCount: number;
  readonly isFirstSampleSync: boolean;
}
export interface Mp4Track {
  readonly id: number;
  /** `vide`, `soun`, `subt`, … */
  readonly handler: string;
  readonly timescale: number;
  readonly edits: readonly Mp4Edit[];
  readonly fragments: readonly Mp4Fragment[];
}

interface Box {
  readonly type: string;
  readonly body: Buffer;
}

const listBoxes = (bytes: Buffer): readonly Box[] => {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const header = short === 1 ? 16 : 8;
    const size =
      short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    if (size < header) throw new Error(`A box of ${size} bytes at ${at}.`);
    boxes.push({
      type: bytes.toString("latin1", at + 4, at + 8),
      body: bytes.subarray(at + header, at + size),
    });
    at += size;
  }
  return boxes;
};
const findBoxes = (bytes: Buffer, ...path: readonly string[]): readonly Buffer[] =>
  path.reduce<readonly Buffer[]>(
    (bodies, type) =>
      bodies.flatMap((body) =>
        listBoxes(body)
          .filter((box) => box.type === type)
          .map((box) => box.body),
      ),
    [bytes],
  );
const getBox = (bytes: Buffer, ...path: readonly string[]): Buffer => {
  const [body] = findBoxes(bytes, ...path);
  if (body === undefined) throw new Error(`There is no box ${path.join("/")}.`);
  return body;
};
const readTime = (body: Buffer, at: number, isLong: boolean): number =>
  isLong ? Number(body.readBigInt64BE(at)) : body.readInt32BE(at);
const readFlags = (body: Buffer): number => body.readUInt32BE(0) & 0xffffff;

const readEdits = (trak: Buffer, movieTimescale: number, timescale: number): readonly Mp4Edit[] => {
  const [elst] = findBoxes(trak, "edts", "elst");
  if (elst === undefined) return [];
  const isLong = elst[0] === 1;
  const entryBytes = isLong ? 20 : 12;
  return Array.from({ length: elst.readUInt32BE(4) }, (_, index) => {
    const at = 8 + index * entryBytes;
    const mediaTime = readTime(elst, at + (isLong ? 8 : 4), isLong);
    return {
      seconds: readTime(elst, at, isLong) / movieTimescale,
      ...(mediaTime < 0 ? {} : { mediaSeconds: mediaTime / timescale }),
    };
  });
};

/** Defaults of a track's samples: `trex` (8.8.3), overridden by `tfhd` (8.8.7). */
interface SampleDefaults {
  readonly duration: number;
  readonly flags: number;
}
const readFragmentDefaults = (tfhd: Buffer, defaults: SampleDefaults): SampleDefaults => {
  const flags = readFlags(tfhd);
  let at = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  let { duration, flags: sampleFlags } = defaults;
  if (flags & 0x8) {
    duration = tfhd.readUInt32BE(at);
    at += 4;
  }
  if (flags & 0x10) at += 4;
  if (flags & 0x20) sampleFlags = tfhd.readUInt32BE(at);
  return { duration, flags: sampleFlags };
};

interface Sample {
  readonly duration: number;
  readonly flags: number;
  readonly compositionOffset: number;
}
/** The samples of a `trun` (8.8.8). */
const readSamples = (trun: Buffer, defaults: SampleDefaults): readonly Sample[] => {
  const flags = readFlags(trun);
  let at = 8 + (flags & 0x1 ? 4 : 0);
  const firstFlags = flags & 0x4 ? trun.readUInt32BE(at) : undefined;
  at += flags & 0x4 ? 4 : 0;
  const readField = (bit: number): number | undefined => {
    if ((flags & bit) === 0) return undefined;
    at += 4;
    return trun.readInt32BE(at - 4);
  };
  return Array.from({ length: trun.readUInt32BE(4) }, (_, index) => {
    const duration = readField(0x100) ?? defaults.duration;
    readField(0x200);
    const ownFlags = readField(0x400);
    const sampleFlags = ownFlags ?? (index === 0 ? firstFlags : undefined) ?? defaults.flags;
    return { duration, flags: sampleFlags, compositionOffset: readField(0x800) ?? 0 };
  });
};

const readFragment = (traf: Buffer, timescale: number, defaults: SampleDefaults): Mp4Fragment => {
  const tfdt = getBox(traf, "tfdt");
  const decodeTime = readTime(tfdt, 4, tfdt[0] === 1);
  const fragmentDefaults = readFragmentDefaults(getBox(traf, "tfhd"), defaults);
  const samples = findBoxes(traf, "trun").flatMap((trun) => readSamples(trun, fragmentDefaults));
  const [first] = samples;
  return {
    decodeSeconds: decodeTime / timescale,
    presentationSeconds: (decodeTime + (first?.compositionOffset ?? 0)) / timescale,
    durationSeconds: samples.reduce((sum, { duration }) => sum + duration, 0) / timescale,
    sampleCount: samples.length,
    // sample_is_non_sync_sample, 8.8.3.1.
    isFirstSampleSync: first !== undefined && (first.flags & 0x10000) === 0,
  };
};

/** Reads the tracks of an MP4 or MOV file, with the fragments of each in file order. */
export const readMp4Tracks = async (path: string): Promise<readonly Mp4Track[]> => {
  const bytes = await readFile(path);
  const moov = getBox(bytes, "moov");
  const mvhd = getBox(moov, "mvhd");
  const movieTimescale = mvhd.readUInt32BE(mvhd[0] === 1 ? 20 : 12);
  const extensions = findBoxes(moov, "mvex", "trex");
  const trafs = findBoxes(bytes, "moof", "traf");
  return findBoxes(moov, "trak").map((trak) => {
    const tkhd = getBox(trak, "tkhd");
    const mdhd = getBox(trak, "mdia", "mdhd");
    const id = tkhd.readUInt32BE(tkhd[0] === 1 ? 20 : 12);
    const timescale = mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12);
    const trex = extensions.find((body) => body.readUInt32BE(4) === id);
    const defaults = { duration: trex?.readUInt32BE(12) ?? 0, flags: trex?.readUInt32BE(20) ?? 0 };
    return {
      id,
      timescale,
      handler: getBox(trak, "mdia", "hdlr").toString("latin1", 8, 12),
      edits: readEdits(trak, movieTimescale, timescale),
      fragments: trafs
        .filter((traf) => getBox(traf, "tfhd").readUInt32BE(4) === id)
        .map((traf) => readFragment(traf, timescale, defaults)),
    };
  });
};

/**
 * Seconds at which Media Source Extensions in Chromium present the first sample of a fragmented track. Chromium subtracts
 * the media time of the first edit, and ignores an empty edit and all that follow it (`TrackRunIterator::Init`).
 */
export const getMseStartSeconds = ({ edits, fragments }: Mp4Track): number => {
  const [first] = fragments;
  if (first === undefined) throw new Error("The track has no fragment.");
  return first.presentationSeconds - (edits[0]?.mediaSeconds ?? 0);
};

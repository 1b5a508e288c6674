import { findBoxContents, listBoxes } from "./mp4-boxes.ts";

const formatHex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, "0");

/** Formats the RFC 6381 codec of H.264 from three bytes: profile, constraints, level. */
const formatAvcCodec = (bytes: Uint8Array, offset: number): string =>
  `avc1.${formatHex(bytes[offset])}${formatHex(bytes[offset + 1])}${formatHex(bytes[offset + 2])}`;

/**
 * RFC 6381 codec of the H.264 in a transport stream, from its first sequence parameter set; undefined if it has none.
 */
export const parseStreamAvcCodec = (bytes: Uint8Array): string | undefined => {
  for (let offset = 0; offset + 6 < bytes.length; offset += 1)
    if (
      bytes[offset] === 0 &&
      bytes[offset + 1] === 0 &&
      bytes[offset + 2] === 1 &&
      ((bytes[offset + 3] ?? 0) & 0x1f) === 7
    )
      return formatAvcCodec(bytes, offset + 4);
  return undefined;
};

/** Offset of a descriptor's contents (ISO/IEC 14496-1, 8.3.3): after its tag and a length of one to four bytes. */
const skipDescriptorHeader = (bytes: Uint8Array, offset: number): number => {
  let end = offset + 1;
  while (((bytes[end] ?? 0) & 0x80) !== 0 && end < offset + 4) end += 1;
  return end + 1;
};

const decoderConfigTag = 0x04;
const decoderSpecificInfoTag = 0x05;
/** Object type of MPEG-4 audio (mp4ra.org, Object Types). */
const mpeg4AudioObjectType = 0x40;

/** RFC 6381 codec of an `esds` box (ISO/IEC 14496-1, 7.2.6): the object type, and the audio object type of MPEG-4. */
const parseEsdsCodec = (bytes: Uint8Array): string | undefined => {
  // Version and flags; then the ES descriptor, whose optional fields no muxer of audio files writes.
  const elementaryStream = skipDescriptorHeader(bytes, 4);
  const config = elementaryStream + 3;
  if (bytes[config] !== decoderConfigTag) return undefined;
  const configContents = skipDescriptorHeader(bytes, config);
  const objectType = bytes[configContents];
  if (objectType !== mpeg4AudioObjectType) return `mp4a.${formatHex(objectType)}`;
  const info = configContents + 13;
  if (bytes[info] !== decoderSpecificInfoTag) return undefined;
  const infoContents = skipDescriptorHeader(bytes, info);
  const first = bytes[infoContents] ?? 0;
  const second = bytes[infoContents + 1] ?? 0;
  const audioObjectType = first >> 3 === 31 ? 32 + ((first & 7) << 3) + (second >> 5) : first >> 3;
  return `mp4a.40.${audioObjectType}`;
};

/** Sample entries by the bytes of their fields before the boxes inside (ISO/IEC 14496-12, 12.1.3 and 12.2.3). */
const sampleEntryFieldBytes: Readonly<Record<string, number>> = { avc1: 78, mp4a: 28 };

/**
 * RFC 6381 codec of the first track of an MP4, from its decoder configuration: `avcC` (ISO/IEC 14496-15) or `esds`.
 * undefined if the track has another codec.
 *
 * @param header the file up to the end of its `moov` box, or more
 */
export const parseFileCodec = (header: Uint8Array): string | undefined => {
  const stsd = findBoxContents(header, ["moov", "trak", "mdia", "minf", "stbl", "stsd"]);
  const [entry] = stsd === undefined ? [] : listBoxes(stsd, 8);
  const fieldBytes = sampleEntryFieldBytes[entry?.type ?? ""];
  if (stsd === undefined || entry === undefined || fieldBytes === undefined) return undefined;
  const boxesOffset = entry.offset + entry.headerBytes + fieldBytes;
  const avc = findBoxContents(stsd, ["avcC"], boxesOffset);
  if (avc !== undefined) return formatAvcCodec(avc, 1);
  const esds = findBoxContents(stsd, ["esds"], boxesOffset);
  return esds === undefined ? undefined : parseEsdsCodec(esds);
};

/** RFC 6381 codec for ffprobe's audio codec in a transport stream. Segments contain only AAC-LC or MP3. */
export const getStreamAudioCodec = (codec: string): string => (codec === "mp3" ? "mp4a.40.34" : "mp4a.40.2");

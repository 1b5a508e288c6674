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

/** RFC 6381 codec of the H.264 in an MP4, from its decoder configuration (ISO/IEC 14496-15, `avcC`). */
export const parseFileAvcCodec = (bytes: Uint8Array): string | undefined => {
  const offset = Buffer.from(bytes).indexOf("avcC");
  return offset < 0 ? undefined : formatAvcCodec(bytes, offset + 5);
};

/** RFC 6381 codec for ffprobe's audio codec. Segments and fragments contain only AAC-LC or MP3. */
export const getAudioCodecName = (codec: string): string => (codec === "mp3" ? "mp4a.40.34" : "mp4a.40.2");

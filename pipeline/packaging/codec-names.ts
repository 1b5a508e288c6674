const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, "0");

/** RFC 6381's name of H.264 from the three bytes that follow: profile, constraints, level. */
const avc = (bytes: Uint8Array, at: number): string =>
  `avc1.${hex(bytes[at])}${hex(bytes[at + 1])}${hex(bytes[at + 2])}`;

/** The H.264 of a transport stream, from its first sequence parameter set; undefined where there is none. */
export const streamAvc = (bytes: Uint8Array): string | undefined => {
  for (let at = 0; at + 6 < bytes.length; at += 1)
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1 && ((bytes[at + 3] ?? 0) & 0x1f) === 7)
      return avc(bytes, at + 4);
  return undefined;
};

/** The H.264 of an MP4, from its decoder configuration (ISO/IEC 14496-15, `avcC`). */
export const fileAvc = (bytes: Uint8Array): string | undefined => {
  const at = Buffer.from(bytes).indexOf("avcC");
  return at < 0 ? undefined : avc(bytes, at + 5);
};

/** RFC 6381's name of a sound by ffprobe's: AAC-LC and MP3 are all that segments and fragments hold. */
export const soundCodec = (codec: string): string => (codec === "mp3" ? "mp4a.40.34" : "mp4a.40.2");

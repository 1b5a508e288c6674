import type { CandidateFrame } from "../../pipeline/highlights/segment.ts";

/** Of a candidate: its frame and the millionths of its score, 4 bytes each, big-endian, and the 8 bytes of its hash. */
const candidateBytes = 16;
const millionths = 1e6;

/** Encodes the candidates of a segment, 16 bytes each: as attributes, the most would not fit an item. */
export const encodeCandidates = (candidates: readonly CandidateFrame[]): Uint8Array => {
  const bytes = Buffer.alloc(candidates.length * candidateBytes);
  for (const [index, { frame, sceneScore, hash }] of candidates.entries()) {
    const offset = index * candidateBytes;
    bytes.writeUInt32BE(frame, offset);
    bytes.writeUInt32BE(Math.round(sceneScore * millionths), offset + 4);
    bytes.write(hash.padStart(16, "0"), offset + 8, "hex");
  }
  return bytes;
};

/** Decodes the candidates of `encodeCandidates`. */
export const decodeCandidates = (encoded: Uint8Array): readonly CandidateFrame[] => {
  const bytes = Buffer.from(encoded);
  return Array.from({ length: Math.floor(bytes.length / candidateBytes) }, (_, index) => {
    const offset = index * candidateBytes;
    return {
      frame: bytes.readUInt32BE(offset),
      sceneScore: bytes.readUInt32BE(offset + 4) / millionths,
      hash: bytes.toString("hex", offset + 8, offset + candidateBytes),
    };
  });
};

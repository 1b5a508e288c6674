import { expect } from "chai";
import { detectImageFormat, hasPngEnd } from "../../../pipeline/media/image-format.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
/** A file type box (ISO/IEC 14496-12, 4.3). */
const fileType = (major: string, ...compatible: readonly string[]): Buffer => {
  const body = bytes(`ftyp${major}\0\0\0\0${compatible.join("")}`);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  return Buffer.concat([size, body, bytes("mdatheic")]);
};

describe("the format of an image", () => {
  const cases: readonly (readonly [string, Buffer, string | undefined])[] = [
    ["JPEG", bytes("\xff\xd8\xff\xe0\0\x10JFIF"), "jpeg"],
    ["PNG", bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "png"],
    ["WebP", bytes("RIFF\x10\0\0\0WEBPVP8 "), "webp"],
    ["GIF 87a", bytes("GIF87a\x01\0"), "gif"],
    ["GIF 89a", bytes("GIF89a\x01\0"), "gif"],
    ["little-endian TIFF", bytes("II*\0\x08\0\0\0"), "tiff"],
    ["big-endian TIFF", bytes("MM\0*\0\0\0\x08"), "tiff"],
    ["BigTIFF", bytes("II+\0\x08\0\0\0"), "tiff"],
    ["AVIF", fileType("avif", "avif", "mif1", "miaf"), "avif"],
    ["AVIF with the brand of any HEIF image", fileType("mif1", "mif1", "avif"), "avif"],
    ["HEIC", fileType("heic", "mif1", "heic"), "heic"],
    ["HEIC sequence", fileType("msf1", "hevc"), "heic"],
    ["MP4", fileType("isom", "isom", "avc1"), undefined],
    ["WAV", bytes("RIFF\x10\0\0\0WAVEfmt "), undefined],
    ["SVG", bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), undefined],
    ["SVG after a byte order mark", bytes("\xef\xbb\xbf<?xml version='1.0'?><svg/>"), undefined],
    ["an empty file", bytes(""), undefined],
  ];
  for (const [title, head, format] of cases)
    it(`is ${format ?? "unknown"} for ${title}`, () => {
      expect(detectImageFormat(head)).to.equal(format);
    });
});

describe("the end of a PNG", () => {
  const chunk = (type: string, data: string): string => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return `${length.toString("latin1")}${type}${data}crc.`;
  };
  const whole = `\x89PNG\r\n\x1a\n${chunk("IHDR", "x".repeat(13))}${chunk("IDAT", "IEND")}${chunk("IEND", "")}`;

  it("is its last chunk, whatever follows", () => {
    expect([hasPngEnd(bytes(whole)), hasPngEnd(bytes(`${whole}garbage`))]).to.deep.equal([true, true]);
  });

  it("is missing in a file that is cut anywhere", () => {
    for (let length = 0; length < whole.length; length += 1)
      expect(hasPngEnd(bytes(whole.slice(0, length))), `${length} bytes`).to.equal(false);
  });
});

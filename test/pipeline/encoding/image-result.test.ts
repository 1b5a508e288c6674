import { expect } from "chai";
import {
  type ImageFailure,
  type ImageHeader,
  imageResultSchema,
  toImageFailure,
  toImageProbe,
} from "../../../pipeline/encoding/image-result.ts";

const header: ImageHeader = {
  kind: "probe",
  format: "jpeg",
  codedWidth: 40,
  codedHeight: 30,
  frameCount: 1,
  orientation: 1,
  hasAlpha: false,
};

describe("the probe of an image", () => {
  it("has the size of the upright image", () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => {
      const { video } = toImageProbe({ ...header, orientation }, 99);
      return [video?.codedWidth, video?.codedHeight, video?.width, video?.height];
    });

    expect(sizes).to.deep.equal([
      ...new Array<unknown>(4).fill([40, 30, 40, 30]),
      ...new Array<unknown>(4).fill([40, 30, 30, 40]),
    ]);
  });

  it("names codecs as ffprobe does", () => {
    expect(toImageProbe(header, 99)).to.deep.include({ formats: ["jpeg"], bytes: 99 });
    expect(toImageProbe(header, 99).video).to.include({ codec: "mjpeg", pixelFormat: "rgb24" });
    expect(toImageProbe({ ...header, format: "avif", hasAlpha: true }, 99).video).to.include({
      codec: "av1",
      pixelFormat: "rgba",
    });
  });

  it("counts the frames of an animation, not the pages of a TIFF", () => {
    const count = (more: Partial<ImageHeader>) => toImageProbe({ ...header, ...more }, 99).video?.frameCount;

    expect([
      count({}),
      count({ format: "gif", frameCount: 2 }),
      count({ format: "tiff", frameCount: 2 }),
    ]).to.deep.equal([undefined, 2, undefined]);
  });
});

describe("a result of the image program", () => {
  it("is refused if a field is missing or not valid", () => {
    for (const result of [undefined, {}, { ...header, codedWidth: 0 }, { ...header, format: "svg" }])
      expect(imageResultSchema.safeParse(result).success).to.equal(false);
  });

  it("becomes a failure of the job that names the image", () => {
    const codes: Readonly<Record<ImageFailure["reason"], readonly [code: number, retryable: boolean]>> = {
      "unknown-format": [4000, false],
      heic: [4000, false],
      unsupported: [4000, false],
      pixels: [4001, false],
      damaged: [4002, false],
      source: [3000, true],
      write: [9000, true],
      program: [9000, false],
    };
    for (const [reason, [code, retryable]] of Object.entries(codes)) {
      const result = imageResultSchema.parse({ kind: "failure", reason, detail: "why" });
      if (result.kind !== "failure") throw new Error("not a failure");
      const failure = toImageFailure("images/a.jpg", result);

      expect({ code: failure.code, retryable: failure.retryable }).to.deep.equal({ code, retryable });
      if (reason !== "program") expect(failure.message).to.include("images/a.jpg");
    }
  });

  it("says what to do with HEIC", () => {
    const failure = toImageFailure("a.heic", { kind: "failure", reason: "heic", detail: "" });

    expect(failure.message)
      .to.match(/HEIC/)
      .and.to.match(/Export it as JPEG/);
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { probeEncodedImage } from "../../../docker/ffmpeg/outputs/probe-encoded-image.ts";
import { imageArguments } from "../../../pipeline/encoding/encode.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { packagedPrograms } from "../../e2e/media-programs.ts";

const probeFailure = (path: string): Promise<unknown> =>
  probeEncodedImage(path).then(
    () => expect.fail("the image is accepted"),
    (cause: unknown) => cause,
  );

describe("the probe of an image that ffmpeg wrote", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-image-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const encode = async (format: "jpg" | "png", size: string): Promise<string> => {
    const path = join(folder, `${size}.${format}`);
    const source = ["-f", "lavfi", "-i", `testsrc2,scale=${size.replace("x", ":")}`, "-frames:v", "1", "-y"];
    await packagedPrograms().ffmpeg([
      ...source,
      ...imageArguments[format],
      "-f",
      "image2",
      "-update",
      "1",
      path,
    ]);
    return path;
  };

  for (const format of ["jpg", "png"] as const)
    for (const size of ["1x1", "353x17", "1280x720"]) {
      it(`has the codec and size of a ${format} of ${size} pixels`, async () => {
        const path = await encode(format, size);

        const { formats, bytes, video } = await probeEncodedImage(path);

        const [width, height] = size.split("x").map(Number);
        const { length } = await readFile(path);
        expect({ formats, bytes }).to.deep.equal({
          formats: [format === "jpg" ? "jpeg" : "png"],
          bytes: length,
        });
        expect(video).to.include({ codec: format === "jpg" ? "mjpeg" : "png", width, height });
        expect(video).to.include({ codedWidth: width, codedHeight: height });
      });

      it(`rejects a ${format} of ${size} pixels that is cut anywhere`, async () => {
        const image = await readFile(await encode(format, size));
        const cut = join(folder, `cut.${format}`);
        const lengths = [0, 1, 7, 8, 23, 24, image.length >> 1, image.length - 12, image.length - 1];
        for (const length of lengths) {
          await writeFile(cut, image.subarray(0, length));
          expect(await probeFailure(cut), `${length} of ${image.length} bytes`)
            .to.be.instanceOf(JobFailure)
            .with.property("code", 4002);
        }
      });
    }

  it("rejects another format", async () => {
    const path = join(folder, "text.png");
    await writeFile(path, "a text that is longer than the end of an image");

    expect(await probeFailure(path))
      .to.be.instanceOf(JobFailure)
      .with.property("code", 4002);
  });
});

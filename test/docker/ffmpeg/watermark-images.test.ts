import { expect } from "chai";
import { findWatermarkImages } from "../../../docker/ffmpeg/attempt/watermark-images.ts";
import { OutputGroups } from "../../../docker/ffmpeg/outputs/output-groups.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { WatermarkOptions } from "../../../pipeline/recipes/recipe.ts";
import { buildOwnerMetadata } from "../../../pipeline/uploads/user-metadata.ts";

const recipe: WatermarkOptions = {
  name: "watermark",
  image: "watermarks/default.png",
  position: "center",
  scale: 0.1,
  margin: 0,
  opacity: 1,
};
/** Owner of each image; undefined if it belongs to nobody. */
const owners: Readonly<Record<string, string | undefined>> = {
  "watermarks/default.png": "operator",
  "watermarks/team.png": "operator",
  "watermarks/ann/logo.png": "ann",
  "watermarks/ben/logo.png": "ben",
  "images/ben/secret.png": "ben",
  "images/plain.png": undefined,
};

describe("the image of a watermark", () => {
  const find = async (watermark: string, sourceOwnerId: string | undefined): Promise<string | number> => {
    const specification: AttemptSpecification = {
      id: "a",
      attempt: 1,
      source: { bucket: "input", key: "unprocessed-videos/a.mp4", bytes: 1 },
      recipe,
      outputBucket: "output",
      outputKeys: ["watermarked/a.mp4.mp4"],
      metadata: { watermark },
      ownership: { kind: "strict", job: "a" },
      limits: { maxSourceMinutes: 1, maxVideoPixels: 1, maxImagePixels: 1 },
    };
    try {
      const images = await findWatermarkImages(
        {
          head: async ({ bucket, key }) =>
            key in owners
              ? {
                  bucket,
                  key,
                  etag: '"e"',
                  bytes: 1,
                  modifiedAt: "2026-11-29T00:00:00Z",
                  metadata: buildOwnerMetadata(owners[key]),
                }
              : undefined,
        },
        specification,
        sourceOwnerId,
        new OutputGroups(recipe),
      );
      return images.map(({ key }) => key).join();
    } catch (cause) {
      if (!(cause instanceof JobFailure)) throw cause;
      expect(cause.message).to.include(`The watermark ${watermark} does not exist in bucket input.`);
      return cause.code;
    }
  };

  it("of a user is the route's, one beside it or the user's own; others do not exist", async () => {
    expect(await find("", "ann")).to.equal("watermarks/default.png");
    for (const key of ["watermarks/default.png", "watermarks/team.png", "watermarks/ann/logo.png"])
      expect(await find(key, "ann")).to.equal(key);
    for (const key of [
      "watermarks/ben/logo.png",
      "images/ben/secret.png",
      "images/plain.png",
      "watermarks/none.png",
    ])
      expect(await find(key, "ann"), key).to.equal(4003);
  });

  it("of a source that belongs to nobody is any image", async () => {
    for (const key of Object.keys(owners)) expect(await find(key, undefined)).to.equal(key);
    expect(await find("watermarks/none.png", undefined)).to.equal(4003);
  });
});

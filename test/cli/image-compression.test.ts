import { expect } from "chai";
import { checkCompression } from "../../cli/actions/image-compression.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";

describe("the compression of the worker's image", () => {
  const channels = [{ name: "news" }];

  it("is the requested one, or the default", () => {
    expect(checkCompression("zstd", {})).to.deep.equal({ compression: "zstd" });
    expect(checkCompression(undefined, { channels })).to.deep.equal({});
    expect(checkCompression("gzip", { channels })).to.deep.equal({ compression: "gzip" });
  });

  it("is not zstd in a stage with channels", () => {
    expect(() => checkCompression("zstd", { channels })).to.throw(
      UsageError,
      /AWS Lambda.*Omit --compression/,
    );
  });
});

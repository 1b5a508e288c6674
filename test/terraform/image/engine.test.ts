import { expect } from "chai";
import { findDigest, getBuildArguments } from "../../../terraform/image/container-engine.ts";
import { buildTag } from "../../../terraform/image/publish.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

describe("the words of image engines", () => {
  it("build for the platform, with the arguments given", () => {
    const words = getBuildArguments({
      directory: "/context",
      reference: "registry/ffmpeg:tag",
      platform: "linux/arm64",
      buildArguments: { BASE: "debian@sha256:1" },
    });

    expect(words).to.deep.equal([
      ...["build", "--platform", "linux/arm64", "--build-arg", "BASE=debian@sha256:1"],
      ...["--tag", "registry/ffmpeg:tag", "--file", "/context/Dockerfile", "/context"],
    ]);
  });

  it("find the digest of the repository that was pushed to, not that of another", () => {
    const known = JSON.stringify([
      `elsewhere/ffmpeg@${digest("a")}`,
      `127.0.0.1:5000/ffmpeg@${digest("b")}`,
      `127.0.0.1:5000/ffmpeg-more@${digest("c")}`,
    ]);

    expect(findDigest("127.0.0.1:5000/ffmpeg:tag", known)).to.equal(digest("b"));
    expect(findDigest("127.0.0.1:5000/other:tag", known)).to.equal(undefined);
  });

  it("name sources and processor in a tag", () => {
    expect(buildTag("0123456789abcdef".repeat(4), "X86_64")).to.equal("0123456789abcdef-x86_64");
  });
});

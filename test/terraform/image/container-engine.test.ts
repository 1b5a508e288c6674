import { expect } from "chai";
import {
  findDigest,
  getBuildArguments,
  getPushArguments,
} from "../../../terraform/image/container-engine.ts";
import { buildTag } from "../../../terraform/image/publish.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

describe("container engines", () => {
  it("build for the platform with the given arguments", () => {
    const args = getBuildArguments({
      directory: "/context",
      reference: "registry/ffmpeg:tag",
      platform: "linux/arm64",
      buildArguments: { BASE: "debian@sha256:1" },
    });

    expect(args).to.deep.equal([
      ...["build", "--platform", "linux/arm64", "--build-arg", "BASE=debian@sha256:1"],
      ...["--tag", "registry/ffmpeg:tag", "--file", "/context/Dockerfile", "/context"],
    ]);
  });

  it("rebuild every layer on the current base", () => {
    const options = { directory: "/context", reference: "registry/ffmpeg:tag", platform: "linux/arm64" };
    expect(getBuildArguments({ ...options, isRebuild: true })).to.include.members(["--no-cache", "--pull"]);
    expect(getBuildArguments(options)).to.not.include.oneOf(["--no-cache", "--pull"]);
  });

  it("push gzip layers, or zstd layers in an OCI manifest, and verify TLS but on this machine", () => {
    const tail = ["registry/ffmpeg:tag"];
    expect(getPushArguments("buildah", "registry/ffmpeg:tag", "/digest")).to.deep.equal([
      ...["push", "--digestfile", "/digest"],
      ...tail,
    ]);
    expect(getPushArguments("podman", "registry/ffmpeg:tag", "/digest", "zstd")).to.deep.equal([
      ...["push", "--digestfile", "/digest", "--format", "oci", "--compression-format", "zstd"],
      ...tail,
    ]);
    expect(getPushArguments("buildah", "127.0.0.1:5000/ffmpeg:tag", "/digest")).to.include(
      "--tls-verify=false",
    );
  });

  it("return the digest of the pushed repository, not of another", () => {
    const repoDigests = JSON.stringify([
      `elsewhere/ffmpeg@${digest("a")}`,
      `127.0.0.1:5000/ffmpeg@${digest("b")}`,
      `127.0.0.1:5000/ffmpeg-more@${digest("c")}`,
    ]);

    expect(findDigest("127.0.0.1:5000/ffmpeg:tag", repoDigests)).to.equal(digest("b"));
    expect(findDigest("127.0.0.1:5000/other:tag", repoDigests)).to.equal(undefined);
  });

  it("put sources and architecture into the tag", () => {
    const hash = "0123456789abcdef".repeat(4);
    expect(buildTag(hash, "X86_64")).to.equal("0123456789abcdef-x86_64");
    expect(buildTag(hash, "ARM64", new Date("2026-11-30T12:05:09.123Z"))).to.equal(
      "0123456789abcdef-arm64-20261130120509",
    );
  });
});

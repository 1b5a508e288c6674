import { expect } from "chai";
import { probeCapabilities } from "../../../docker/ffmpeg/programs/capabilities.ts";
import { type HostileBench, openHostileBench } from "../../faults/hostile-bench.ts";

/** Describes which attempts ask ffmpeg for its version and encoders: each question costs a start of ffmpeg. */
export const describeCapabilities = (searchPath: string): void => {
  describe("the capabilities of ffmpeg", function () {
    this.timeout(60_000);
    let bench: HostileBench;
    before(async () => {
      bench = await openHostileBench(searchPath);
      const encode = async (name: string, ...options: readonly string[]) => {
        const source = "testsrc2=size=320x180:rate=10:duration=1";
        await bench.makeMedia(
          "-f",
          "lavfi",
          "-i",
          source,
          "-c:v",
          "libx264",
          ...options,
          `${bench.folder}/${name}`,
        );
        await bench.upload(name);
      };
      await encode("sdr.mp4", "-pix_fmt", "yuv420p");
      const hlg = ["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"];
      await encode("hlg.mp4", "-pix_fmt", "yuv420p10le", ...hlg);
    });
    after(() => bench.close());

    const thumbnail = { name: "thumbnail", at: { seconds: 0 } } as const;
    const readOf = async (key: string) => {
      bench.capabilityReads.length = 0;
      const { failure } = await bench.attempt(thumbnail, key, { outputKeys: ["a.png"] });
      expect(failure).to.equal(undefined);
      return bench.capabilityReads;
    };

    it("are not read for a source whose filters are the same in every build", async () => {
      expect(await readOf("sdr.mp4")).to.deep.equal([]);
    });

    it("are read once for HLG", async () => {
      const [capabilities, ...others] = await readOf("hlg.mp4");

      expect(others).to.deep.equal([]);
      expect(bench.version).to.include(capabilities?.version);
      expect(capabilities?.encoders.size).to.equal(0);
      expect(capabilities?.hasLuminanceOotf).to.equal(/^[5-9]/.test(bench.version));
    });

    it("have the version and the encoders for a preset", async () => {
      const capabilities = await probeCapabilities(
        bench.programs.ffmpeg,
        "transcode",
        new AbortController().signal,
      );

      expect(bench.version).to.include(capabilities.version);
      expect([...capabilities.encoders]).to.include.members(["libx264", "aac", "libvpx-vp9"]);
    });
  });
};

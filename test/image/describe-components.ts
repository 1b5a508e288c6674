import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type ComponentList, parseComponents } from "../../pipeline/encoding/parse-capabilities.ts";
import {
  hdrFilters,
  presetComponents,
  recipeComponents,
} from "../../pipeline/encoding/required-components.ts";
import type { ImagePrograms } from "./image-programs.ts";

/** Components that ffmpeg adds to a build by itself: its ends of a graph, and filters that other parts need. */
const ownFilters = ["abuffer", "abuffersink", "anull", "buffer", "buffersink", "crop", "null", "rotate"];
/** Muxers that others need or share their code with. */
const ownMuxers = ["adts", "latm", "mov"];
const sort = (...names: readonly Iterable<string>[]): readonly string[] =>
  [...new Set(names.flatMap((some) => [...some]))].sort();

/** Runs Debian's ffmpeg. */
const runDebian = (programArguments: readonly string[]): string =>
  execFileSync("/usr/bin/ffmpeg", ["-nostdin", "-v", "error", ...programArguments], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** One file of a source: how Debian's ffmpeg makes it. */
type Source = readonly [name: string, arguments: string];

const video = "-f lavfi -i testsrc2=s=128x96:r=25:d=1";
const audio = "-f lavfi -i sine=r=48000:d=1";
/** Files in every container that is accepted, with the codecs that people put into them. */
const sources: readonly Source[] = [
  ["h264-aac.mp4", `${video} ${audio} -c:v libx264 -pix_fmt yuv420p -c:a aac`],
  [
    "hevc-10bit-ac3.mp4",
    `${video} ${audio} -c:v libx265 -x265-params log-level=none -pix_fmt yuv420p10le -c:a ac3`,
  ],
  ["av1-opus.mp4", `${video} ${audio} -c:v libsvtav1 -pix_fmt yuv420p -c:a libopus`],
  ["prores-pcm.mov", `${video} ${audio} -c:v prores_ks -profile:v 4 -c:a pcm_s24be`],
  [
    "dnxhr-alac.mov",
    `-f lavfi -i testsrc2=s=256x128:r=25:d=1 ${audio} -c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p -c:a alac`,
  ],
  ["mjpeg-adpcm.mov", `${video} ${audio} -c:v mjpeg -pix_fmt yuvj420p -c:a adpcm_ima_qt`],
  ["vp9-vorbis.webm", `${video} ${audio} -c:v libvpx-vp9 -c:a libvorbis -ac 2`],
  ["vp8-opus.webm", `${video} ${audio} -c:v libvpx -c:a libopus`],
  ["ffv1-flac.mkv", `${video} ${audio} -c:v ffv1 -c:a flac`],
  ["theora-eac3.mkv", `${video} ${audio} -c:v libtheora -c:a eac3`],
  ["huffyuv-dts.mkv", `${video} ${audio} -c:v huffyuv -strict -2 -c:a dca`],
  ["mpeg2-mp2.ts", `${video} ${audio} -c:v mpeg2video -c:a mp2`],
  ["mpeg1-mp2.mpg", `${video} ${audio} -c:v mpeg1video -c:a mp2`],
  ["mpeg4-mp3.avi", `${video} ${audio} -c:v mpeg4 -c:a libmp3lame`],
  ["msmpeg4-pcm.avi", `${video} ${audio} -c:v msmpeg4v3 -c:a pcm_s16le`],
  ["flv1-mp3.flv", `${video} -f lavfi -i sine=r=44100:d=1 -c:v flv -c:a libmp3lame`],
  ["wmv2-wma.asf", `${video} ${audio} -c:v wmv2 -c:a wmav2`],
  ["theora-vorbis.ogg", `${video} ${audio} -c:v libtheora -c:a libvorbis -ac 2`],
  ["xdcam.mxf", `${video} ${audio} -c:v mpeg2video -c:a pcm_s16le`],
  ["jpeg2000.mxf", `${video} -c:v jpeg2000`],
  ["pcm.wav", `${audio} -c:a pcm_f32le`],
  ["mp3.mp3", `${audio} -c:a libmp3lame`],
  ["aac.aac", `${audio} -c:a aac`],
  ["flac.flac", `${audio} -c:a flac`],
  ["mpeg2.m2v", `${video} -c:v mpeg2video`],
  ["h264.h264", `${video} -c:v libx264`],
  ["gif.gif", video],
];

const pq = "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,format=yuv420p10le";
const toLinear = "zscale=min=2020_ncl:rin=tv:pin=2020:tin=smpte2084:p=709:t=linear:npl=203,format=gbrpf32le";
const toneMap =
  "tonemap=mobius:param=0.5:desat=0:peak=49.261,zscale=pin=709:tin=linear:p=709:t=709:m=gbr:r=pc";
/** An encode with each encoder and container of recipes and presets, and with the filters for HDR and palettes. */
const encodes: readonly Source[] = [
  ["encoded.mp4", "-c:v libx264 -pix_fmt yuv420p -c:a aac"],
  ["encoded.ts", "-c:v libx264 -pix_fmt yuv420p -c:a aac"],
  ["encoded.flv", "-c:v libx264 -pix_fmt yuv420p -c:a libmp3lame -ar 44100"],
  ["vp8.webm", "-c:v libvpx -threads 1 -b:v 300k -c:a libvorbis -ac 2"],
  ["vp9.webm", "-c:v libvpx-vp9 -threads 1 -b:v 300k -cpu-used 4 -an"],
  ["encoded.vob", "-c:v mpeg2video -threads 1 -c:a mp2 -f vob"],
  ["encoded.mxf", "-c:v mpeg2video -threads 1 -pix_fmt yuv422p -c:a pcm_s16le"],
  ["encoded.mp3", "-vn -c:a libmp3lame"],
  ["encoded.flac", "-vn -c:a flac"],
  ["encoded.wav", "-vn -c:a pcm_u8"],
  ["encoded.ogg", "-vn -c:a libvorbis -ac 2"],
  ["encoded.m4a", "-vn -c:a aac -f ipod"],
  ["encoded.jpg", "-an -c:v mjpeg -frames:v 1 -update 1"],
  ["palette.gif", "-an -filter_complex split[a][b];[a]palettegen[p];[b][p]paletteuse"],
  ["tone-mapped.png", `-an -frames:v 1 -update 1 -vf ${pq},${toLinear},${toneMap},format=gbrp,format=rgb24`],
];

/** What a stream is decoded to, by the source that it is from. */
const outputs = [
  ["testsrc2", "0:v", "raw", "-f", "rawvideo", "-vsync", "0"],
  ["sine", "0:a", "wav", "-c:a", "pcm_s16le"],
] as const;
const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Describes which components the image's ffmpeg has, and that they do what those of Debian's package do. */
export const describeComponents = (getPrograms: () => ImagePrograms): void => {
  describe("the image's ffmpeg", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-components-"));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    const list = (name: ComponentList) =>
      parseComponents(name, getPrograms().ffmpeg(["-hide_banner", `-${name}`]));

    it("has the encoders, muxers and filters that recipes and presets need, and no others", () => {
      const { encoders, muxers, filters } = recipeComponents;
      expect(sort(list("encoders"))).to.deep.equal(sort(encoders, presetComponents.encoders));
      expect(sort(list("muxers"))).to.deep.equal(sort(muxers, presetComponents.muxers, ownMuxers));
      expect(sort(list("filters"))).to.deep.equal(
        sort(filters, presetComponents.filters, hdrFilters, ownFilters),
      );
    });

    it("has every demuxer that is accepted, and reads files, pipes and plain HTTP alone", () => {
      const demuxers = list("demuxers");
      const missing = [...recipeComponents.demuxers, ...presetComponents.demuxers].filter(
        (name) => !demuxers.has(name),
      );
      expect(missing).to.deep.equal([]);
      const [, inputs = ""] =
        /Input:\n([\s\S]*?)Output:/.exec(getPrograms().ffmpeg(["-hide_banner", "-protocols"])) ?? [];
      expect(sort(inputs.trim().split(/\s+/))).to.deep.equal(["file", "http", "pipe", "tcp"]);
    });

    it("names the version of Debian that it was built from", () => {
      const getVersion = (text: string) => /^ffmpeg version (\S+)/.exec(text)?.[1];
      expect(getVersion(getPrograms().ffmpeg(["-version"]))).to.match(/^\d+\.\d+[\d.]*-\d+\+deb\d+u\d+$/);
    });

    for (const [name, sourceArguments] of sources)
      it(`decodes ${name} as Debian's ffmpeg does`, () => {
        const path = join(folder, name);
        runDebian([...sourceArguments.split(" "), path]);

        const decode = (runFfmpeg: typeof runDebian, build: string): readonly Buffer[] =>
          outputs
            .filter(([stream]) => sourceArguments.includes(stream))
            .map(([, map, extension, ...outputArguments]) => {
              const output = join(folder, `${name}.${build}.${extension}`);
              runFfmpeg(["-v", "error", "-i", path, "-map", map, ...outputArguments, "-bitexact", output]);
              return readFileSync(output);
            });
        const decoded = decode(getPrograms().ffmpeg, "image");

        expect(decoded.map(({ length }) => length > 10_000)).to.not.include(false);
        expect(decoded.map(hash)).to.deep.equal(decode(runDebian, "debian").map(hash));
      });

    for (const [name, encodeArguments] of encodes)
      it(`encodes ${name} as Debian's ffmpeg does`, () => {
        const source = join(folder, "source.mkv");
        if (!existsSync(source)) runDebian(`${video} ${audio} -c:v ffv1 -c:a flac ${source}`.split(" "));

        const [encoded, expected] = [getPrograms().ffmpeg, runDebian].map((runFfmpeg, index) => {
          const output = join(folder, `${index}-${name}`);
          runFfmpeg([...`-v error -i ${source} ${encodeArguments} -bitexact`.split(" "), output]);
          return readFileSync(output);
        });

        expect(encoded?.length).to.be.above(500);
        expect(encoded && hash(encoded)).to.equal(expected && hash(expected));
      });
  });
};

import { expect } from "chai";
import {
  type CaptionTrack,
  listCaptionTracks,
  listCaptionWarnings,
} from "../../../pipeline/captions/caption-tracks.ts";
import { finishCaptions } from "../../../pipeline/captions/extract-captions.ts";
import type { Step } from "../../../pipeline/encoding/plan.ts";
import type { SubtitleProbe } from "../../../pipeline/media/probe.ts";

const track = (index: number, more: Partial<SubtitleProbe> = {}): SubtitleProbe => ({
  index,
  codec: "subrip",
  ...more,
});
const probe = (...subtitleTracks: readonly SubtitleProbe[]) => ({ formats: ["matroska"], subtitleTracks });

describe("caption tracks", () => {
  it("are the text tracks, with language and a unique name", () => {
    const tracks = listCaptionTracks(
      probe(
        track(2, { language: "ger", isForced: true }),
        track(3, { language: "ger", codec: "ass", isDefault: true }),
        track(4, { codec: "hdmv_pgs_subtitle", language: "eng" }),
        track(5, { codec: "mov_text", language: "eng", isHearingImpaired: true, isDefault: true }),
        track(6, { codec: "webvtt", title: " Director's\n notes " }),
        track(7),
      ),
    );

    expect(tracks).to.deep.equal([
      { index: 2, language: "de", name: "German", isDefault: false, isForced: true, kind: "subtitles" },
      { index: 3, language: "de", name: "German 2", isDefault: true, isForced: false, kind: "subtitles" },
      {
        index: 5,
        language: "en",
        name: "English (SDH)",
        isDefault: false,
        isForced: false,
        kind: "captions",
      },
      { index: 6, name: "Director's notes", isDefault: false, isForced: false, kind: "subtitles" },
      { index: 7, name: "Subtitles 5", isDefault: false, isForced: false, kind: "subtitles" },
    ]);
    expect(listCaptionTracks({ formats: ["mov"] })).to.deep.equal([]);
  });

  it("have no default if all are flagged, as in Matroska without flags, unless one is forced", () => {
    const list = (...more: readonly Partial<SubtitleProbe>[]) =>
      listCaptionTracks(
        probe(...more.map((entry, index) => track(index, { isDefault: true, ...entry }))),
      ).map(({ isDefault }) => isDefault);
    expect(list({}, {})).to.deep.equal([false, false]);
    expect(list({}, { isForced: true })).to.deep.equal([false, true]);
    expect(list({ isDefault: false }, {})).to.deep.equal([false, true]);
  });

  it("do not include bitmaps: a warning names each", () => {
    expect(
      listCaptionWarnings(
        probe(
          track(2),
          track(3, { codec: "hdmv_pgs_subtitle", language: "fre" }),
          track(4, { codec: "dvb_subtitle" }),
        ),
      ),
    ).to.deep.equal([
      "Subtitle track 3 (French, hdmv_pgs_subtitle) is not included: only text can be converted to WebVTT.",
      "Subtitle track 4 (dvb_subtitle) is not included: only text can be converted to WebVTT.",
    ]);
  });

  it("are limited in number, with a warning", () => {
    const many = probe(...Array.from({ length: 40 }, (_, index) => track(index + 1)));

    expect(listCaptionTracks(many)).to.have.length(32);
    expect(listCaptionWarnings(many)).to.deep.equal([
      "The source has 40 subtitle tracks; the first 32 are included.",
    ]);
  });
});

const german: CaptionTrack = {
  ...{ index: 3, language: "de", name: "German", isDefault: true, isForced: false, kind: "subtitles" },
};
/** Finishes a file with a text, and lists what was written and warned. */
const finish = (text: string, size = text.length) => {
  const steps = finishCaptions(german, "/scratch/subtitles-0.vtt");
  const seen: Step[] = [];
  let step = steps.next();
  while (step.done !== true) {
    seen.push(step.value);
    step = steps.next(
      step.value.kind === "list"
        ? { log: "", text: "rendition-0.mp4\nsubtitles-0.vtt", sizes: [9, size] }
        : { log: "", text },
    );
  }
  return { file: step.value, written: seen.find(({ kind }) => kind === "write"), seen };
};

describe("finished captions", () => {
  it("are what ffmpeg wrote, with the timestamp map of HLS", () => {
    const { file, written } = finish("WEBVTT\n\n00:00.500 --> 00:01.500\nHallo\n");
    const text =
      "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:00.500 --> 00:00:01.500\nHallo\n";

    expect(written).to.deep.equal({ kind: "write", path: "/scratch/subtitles-0.vtt", text });
    expect(file).to.deep.equal({ track: german, path: "/scratch/subtitles-0.vtt", bytes: text.length });
  });

  it("warn of a track without text, and read no file that is too large", () => {
    for (const [text, size] of [
      ["", 0],
      ["WEBVTT\n", 7],
      ["", 9_000_000],
    ] as const) {
      const { file, seen } = finish(text, size);
      const warning = seen.find((step) => step.kind === "warn");
      expect(file).to.equal(undefined);
      expect(warning?.kind === "warn" && warning.text).to.match(
        /^Subtitle track 3 \(German\) is not included/,
      );
      expect(seen.some(({ kind }) => kind === "read")).to.equal(size === 7);
    }
  });
});

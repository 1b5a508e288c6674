import {
  CreatePresetCommand,
  type CreatePresetCommandInput,
  DeletePresetCommand,
  ListPresetsCommand,
  ReadPresetCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { systemPresets } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { failure } from "./failure.ts";
import { type Service, startService } from "./service.ts";

const video = {
  Codec: "H.264",
  CodecOptions: { Profile: "main", Level: "3.1", MaxReferenceFrames: "3" },
  KeyframesMaxDist: "90",
  FixedGOP: "false",
  BitRate: "1600",
  FrameRate: "auto",
  MaxFrameRate: "60",
  MaxWidth: "640",
  MaxHeight: "auto",
  SizingPolicy: "Fit",
  PaddingPolicy: "Pad",
  DisplayAspectRatio: "16:9",
};
const audio = { Codec: "AAC", SampleRate: "44100", BitRate: "96", Channels: "2" };

describe("the transcoder API's presets through the real client", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  const create = async (more: Partial<CreatePresetCommandInput> = {}) => {
    const input = { Name: "mine", Container: "mp4", Video: video, Audio: audio, ...more };
    return (await service.client().send(new CreatePresetCommand(input))).Preset;
  };

  it("creates a preset, returns it unchanged and deletes it once", async () => {
    const preset = await create({ Description: "for phones" });
    const Id = preset?.Id ?? "";
    const client = service.client();
    const { Preset: read } = await client.send(new ReadPresetCommand({ Id }));
    expect(read).to.deep.equal(preset);
    expect(read).to.deep.include({
      Name: "mine",
      Description: "for phones",
      Container: "mp4",
      Type: "Custom",
    });
    expect(read?.Video).to.deep.equal(video);
    expect(read?.Audio).to.deep.equal(audio);
    await client.send(new DeletePresetCommand({ Id }));
    expect((await failure(client.send(new DeletePresetCommand({ Id })))).name).to.equal(
      "ResourceNotFoundException",
    );
  });

  it("treats an empty setting as absent, as Terraform's provider sends it", async () => {
    const preset = await create({
      Video: { ...video, Resolution: "", AspectRatio: "", Watermarks: [] },
      Audio: { ...audio, AudioPackingMode: "", CodecOptions: { Profile: "" } },
      Thumbnails: {
        Format: "png",
        Interval: "60",
        Resolution: "320x180",
        AspectRatio: "16:9",
        MaxWidth: "",
        MaxHeight: "",
        SizingPolicy: "Fit",
        PaddingPolicy: "",
      },
    });
    expect(preset?.Video).to.deep.equal({ ...video, Watermarks: [] });
    expect(preset?.Audio).to.deep.equal({ ...audio, CodecOptions: {} });
    await service.client().send(new DeletePresetCommand({ Id: preset?.Id }));
    expect(preset?.Thumbnails).to.deep.equal({
      Format: "png",
      Interval: "60",
      Resolution: "320x180",
      AspectRatio: "16:9",
      SizingPolicy: "Fit",
    });
  });

  it("rejects the deletion of a system preset", async () => {
    const refused = await failure(
      service.client().send(new DeletePresetCommand({ Id: "1351620000001-100070" })),
    );
    expect(refused.name).to.equal("AccessDeniedException");
  });

  it("lists the system presets first, or last in reverse order", async () => {
    const createdIds: (string | undefined)[] = [];
    for (let count = 0; count < 55; count += 1) createdIds.push((await create())?.Id);
    const list = async (Ascending: string) => {
      const ids: (string | undefined)[] = [];
      let PageToken: string | undefined;
      do {
        const page = await service.client().send(new ListPresetsCommand({ Ascending, PageToken }));
        ids.push(...(page.Presets ?? []).map(({ Id }) => Id));
        PageToken = page.NextPageToken;
      } while (PageToken !== undefined);
      return ids;
    };
    const forth = await list("true");
    expect(forth.slice(0, 62)).to.deep.equal(systemPresets.map(({ Id }) => Id));
    expect(forth.slice(62).sort()).to.deep.equal([...createdIds].sort());
    expect(await list("false")).to.deep.equal((await list("true")).reverse());
  });

  for (const { Id, Arn, Type, ...preset } of systemPresets)
    it(`accepts ${preset.Name} as a custom preset`, async () => {
      const input = {
        Video: undefined,
        Audio: undefined,
        ...preset,
        Name: "copy",
      } as CreatePresetCommandInput;
      const { Video, Audio, Thumbnails, Container } = (await create(input)) ?? {};
      expect({ Container, Video, Audio, Thumbnails }).to.deep.equal({
        Container: preset.Container,
        Video: preset.Video,
        Audio: preset.Audio,
        Thumbnails: preset.Thumbnails,
      });
    });

  for (const [mistake, more, field] of [
    ["a container it does not have", { Container: "avi" }, "Container"],
    ["a codec that the container does not hold", { Container: "webm" }, "Video.Codec"],
    ["sound that the container does not hold", { Audio: { ...audio, Codec: "vorbis" } }, "Audio.Codec"],
    ["neither picture nor sound", { Video: undefined, Audio: undefined }, "Video"],
    ["an odd width", { Video: { ...video, MaxWidth: "641" } }, "Video.MaxWidth"],
    ["the size said twice", { Video: { ...video, Resolution: "640x360" } }, "Video.Resolution"],
    ["half a size", { Video: { ...video, MaxHeight: undefined } }, "Video.MaxHeight"],
    [
      "a level that there is not",
      { Video: { ...video, CodecOptions: { ...video.CodecOptions, Level: "9" } } },
      "Video.CodecOptions.Level",
    ],
    [
      "an option of another codec",
      { Video: { ...video, CodecOptions: { ...video.CodecOptions, LoopCount: "1" } } },
      "Video.CodecOptions.LoopCount",
    ],
    ["no GOP", { Video: { ...video, KeyframesMaxDist: undefined } }, "Video.KeyframesMaxDist"],
    ["no bit rate", { Audio: { ...audio, BitRate: undefined } }, "Audio.BitRate"],
    [
      "five watermarks",
      {
        Video: {
          ...video,
          Watermarks: Array.from({ length: 5 }, (_, n) => ({
            Id: `${n}`,
            MaxWidth: "10%",
            MaxHeight: "10%",
            SizingPolicy: "Fit",
            HorizontalAlign: "Left",
            VerticalAlign: "Top",
          })),
        },
      },
      "Video.Watermarks",
    ],
    [
      "no interval",
      {
        Thumbnails: {
          Format: "png",
          MaxWidth: "192",
          MaxHeight: "108",
          SizingPolicy: "Fit",
          PaddingPolicy: "Pad",
        },
      },
      "Thumbnails.Interval",
    ],
  ] as const)
    it(`rejects ${mistake}, naming ${field}`, async () => {
      const refused = await failure(create(more as Partial<CreatePresetCommandInput>));
      expect(refused.name).to.equal("ValidationException");
      expect(refused.message).to.contain(`'${field}'`);
    });
});

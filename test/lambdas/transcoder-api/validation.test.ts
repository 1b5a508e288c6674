import { CreateJobCommand, type CreateJobCommandInput } from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import fc from "fast-check";
import { failure } from "./failure.ts";
import { pipelineId, type Service, startService } from "./service.ts";
import { createSigner, type SignedFetch } from "./signed-fetch.ts";

const web = "1351620000001-100070";
const segments = "1351620000001-200010";
const output = { Key: "x", PresetId: web };
const request = (more: object = {}) =>
  ({
    PipelineId: pipelineId,
    Input: { Key: "clip.mov" },
    Outputs: [output],
    ...more,
  }) as CreateJobCommandInput;

describe("validation of the transcoder API", () => {
  let service: Service;
  let call: SignedFetch;
  before(async () => {
    service = await startService();
    call = createSigner(service.endpoint);
  });
  after(() => service.close());

  for (const [mistake, more, field] of [
    ["no input", { Input: undefined }, "Input"],
    ["two forms of input", { Inputs: [{ Key: "a" }] }, "Inputs"],
    ["stitching", { Input: undefined, Inputs: [{ Key: "a" }, { Key: "b" }] }, "Inputs"],
    ["encrypted inputs", { Input: { Key: "a", Encryption: { Mode: "s3" } } }, "Input.Encryption"],
    [
      "captions of inputs",
      { Input: { Key: "a", InputCaptions: { CaptionSources: [{ Key: "a.srt" }] } } },
      "Input.InputCaptions",
    ],
    [
      "a time that is none",
      { Input: { Key: "a", TimeSpan: { StartTime: "noon" } } },
      "Input.TimeSpan.StartTime",
    ],
    ["an empty key", { Input: { Key: "" } }, "Input.Key"],
    [
      "captions",
      { Outputs: [{ ...output, Captions: { CaptionFormats: [{ Format: "srt" }] } }] },
      "Outputs.0.Captions",
    ],
    [
      "album art",
      { Outputs: [{ ...output, AlbumArt: { Artwork: [{ InputKey: "a.png" }] } }] },
      "Outputs.0.AlbumArt",
    ],
    ["encrypted outputs", { Outputs: [{ ...output, Encryption: { Mode: "s3" } }] }, "Outputs.0.Encryption"],
    [
      "encrypted thumbnails",
      { Outputs: [{ ...output, ThumbnailEncryption: { Mode: "s3" } }] },
      "Outputs.0.ThumbnailEncryption",
    ],
    [
      "a pattern without a count",
      { Outputs: [{ ...output, ThumbnailPattern: "still" }] },
      "Outputs.0.ThumbnailPattern",
    ],
    ["a turn by 45 degrees", { Outputs: [{ ...output, Rotate: "45" }] }, "Outputs.0.Rotate"],
    [
      "segments of a plain file",
      { Outputs: [{ ...output, SegmentDuration: "10" }] },
      "Outputs.0.SegmentDuration",
    ],
    [
      "segments of an hour",
      { Outputs: [{ Key: "x", PresetId: segments, SegmentDuration: "3600" }] },
      "Outputs.0.SegmentDuration",
    ],
    [
      "a watermark slot that the preset lacks",
      { Outputs: [{ ...output, Watermarks: [{ PresetWatermarkId: "Middle", InputKey: "a.png" }] }] },
      "Outputs.0.Watermarks",
    ],
    [
      "a watermark that is no picture",
      { Outputs: [{ ...output, Watermarks: [{ PresetWatermarkId: "TopLeft", InputKey: "a.gif" }] }] },
      "Outputs.0.Watermarks.0.InputKey",
    ],
    ["two clips of one output", { Outputs: [{ ...output, Composition: [{}, {}] }] }, "Outputs.0.Composition"],
    ["two outputs of one key", { Outputs: [output, output] }, "Outputs"],
    ["no output", { Outputs: [] }, "Outputs"],
    [
      "31 outputs",
      { Outputs: Array.from({ length: 31 }, (_, n) => ({ ...output, Key: `${n}` })) },
      "Outputs",
    ],
    ["HLSv4", { Playlists: [{ Name: "p", Format: "HLSv4", OutputKeys: ["x"] }] }, "Playlists.0.Format"],
    ["Smooth", { Playlists: [{ Name: "p", Format: "Smooth", OutputKeys: ["x"] }] }, "Playlists.0.Format"],
    [
      "protected playlists",
      {
        Playlists: [
          { Name: "p", Format: "HLSv3", OutputKeys: ["x"], HlsContentProtection: { Method: "aes-128" } },
        ],
      },
      "Playlists.0.HlsContentProtection",
    ],
    [
      "a playlist of what is no segment",
      { Playlists: [{ Name: "p", Format: "HLSv3", OutputKeys: ["x"] }] },
      "Playlists.0",
    ],
    [
      "a playlist of outputs that are none",
      { Playlists: [{ Name: "p", Format: "HLSv3", OutputKeys: ["y"] }] },
      "Playlists.0.OutputKeys",
    ],
    [
      "a playlist of segments of two lengths",
      {
        Outputs: [
          { Key: "a", PresetId: segments, SegmentDuration: "5" },
          { Key: "b", PresetId: segments, SegmentDuration: "6" },
        ],
        Playlists: [{ Name: "p", Format: "HLSv3", OutputKeys: ["a", "b"] }],
      },
      "Playlists.0",
    ],
    ["a prefix too long", { OutputKeyPrefix: "x".repeat(256) }, "OutputKeyPrefix"],
    [
      "too much metadata",
      { UserMetadata: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, ""])) },
      "UserMetadata",
    ],
  ] as const)
    it(`rejects ${mistake}, naming ${field}`, async () => {
      const refused = await failure(service.client().send(new CreateJobCommand(request(more))));
      expect(refused.name).to.equal("ValidationException");
      expect(refused.message).to.contain(`'${field}'`);
    });

  it("accepts fields with neutral values", async () => {
    const emptyFields = {
      Captions: {},
      AlbumArt: { Artwork: [] },
      ThumbnailPattern: "",
      Watermarks: [],
    };
    const { Job } = await service
      .client()
      .send(new CreateJobCommand(request({ Outputs: [{ ...output, ...emptyFields }], Playlists: [] })));
    expect(Job?.Status).to.equal("Submitted");
  });

  it("names an unknown field", async () => {
    const answer = await call("POST", "/jobs", {
      ...request(),
      Priority: "high",
      Outputs: [{ ...output, Speed: 1 }],
    });
    expect(answer).to.deep.include({ status: 400, type: "ValidationException" });
    expect(answer.message).to.contain("'Priority'").and.to.contain("'Outputs.0.Speed'");
  });

  const operations = [
    ["POST", "/jobs"],
    ["POST", "/pipelines"],
    ["PUT", `/pipelines/${pipelineId}`],
    ["POST", `/pipelines/${pipelineId}/notifications`],
    ["POST", `/pipelines/${pipelineId}/status`],
    ["POST", "/presets"],
    ["POST", "/roleTests"],
  ] as const;

  it("returns success or an API error for any body, never an internal error", async function () {
    this.timeout(180_000);
    const knownValue = fc.constantFrom(
      "PipelineId",
      "Input",
      "Inputs",
      "Outputs",
      "Key",
      "PresetId",
      "Name",
      "Video",
      "Audio",
      "Codec",
      "CodecOptions",
      "Playlists",
      "Notifications",
      "Status",
      "Role",
      "Topics",
      "ContentConfig",
      "Permissions",
      "Thumbnails",
      "UserMetadata",
      "Watermarks",
    );
    const body = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        tie("object"),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
      object: fc.dictionary(fc.oneof(knownValue, fc.string()), tie("value"), { maxKeys: 6 }),
    }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations),
        fc.oneof(body.object, fc.jsonValue()),
        async ([method, path], content) => {
          const answer = await call(method, path, content);
          expect(answer.status, answer.message).to.be.oneOf([200, 201, 400, 404, 429]);
        },
      ),
      { numRuns: 300 },
    );
    expect(service.logged).to.deep.equal([]);
  });

  it("returns no internal error for any path, query and text", async function () {
    this.timeout(180_000);
    const paths = fc.constantFrom(
      "/jobs/",
      "/pipelines/",
      "/presets/",
      "/jobsByPipeline/",
      "/jobsByStatus/",
      "/",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE"),
        paths,
        fc.string({ unit: "grapheme", maxLength: 20 }),
        fc.record({ PageToken: fc.string(), Ascending: fc.string() }, { requiredKeys: [] }),
        async (method, path, name, query) => {
          const search = new URLSearchParams(query).toString();
          const answer = await call(
            method,
            `${path}${encodeURIComponent(name)}`,
            method === "GET" ? undefined : "{",
            search,
          );
          expect(answer.status, answer.message).to.be.oneOf([200, 400, 403, 404]);
        },
      ),
      { numRuns: 200 },
    );
    expect(service.logged).to.deep.equal([]);
  });
});

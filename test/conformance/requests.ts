import { pipelineId } from "../lambdas/transcoder-api/service.ts";

/** A system preset with segments, and watermark slots. */
const segments = "1351620000001-200010";
const role = "arn:aws:iam::123456789012:role/transcoder";
const topic = (name: string) => `arn:aws:sns:us-east-1:123456789012:${name}`;

const output = {
  Key: "hls/400k",
  ThumbnailPattern: "stills/{count}-{resolution}",
  Rotate: "90",
  PresetId: segments,
  SegmentDuration: "6",
  Watermarks: [{ PresetWatermarkId: "TopLeft", InputKey: "logo.png" }],
  Composition: [{ TimeSpan: { StartTime: "1", Duration: "00:00:30.5" } }],
};
const input = {
  Key: "clip.mov",
  FrameRate: "29.97",
  Resolution: "auto",
  AspectRatio: "16:9",
  Interlaced: "false",
  Container: "mov",
  TimeSpan: { StartTime: "00:00:10", Duration: "20.5" },
  DetectedProperties: { Width: 1, Height: 2, FrameRate: "3", FileSize: 4, DurationMillis: 5 },
};
const job = {
  PipelineId: pipelineId,
  OutputKeyPrefix: "films/",
  Playlists: [{ Name: "master", Format: "HLSv3", OutputKeys: [output.Key] }],
  UserMetadata: { title: "a film" },
};

const Permissions = [{ GranteeType: "Group", Grantee: "AllUsers", Access: ["Read"] }];
const content = { Bucket: "films", StorageClass: "Standard", Permissions };
const pipeline = {
  Name: "films",
  InputBucket: "uploads",
  Role: role,
  AwsKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
  Notifications: {
    Progressing: topic("p"),
    Completed: topic("c"),
    Warning: topic("w"),
    Error: topic("e"),
  },
};
const pipelineConfigs = { ContentConfig: content, ThumbnailConfig: { ...content, Bucket: "stills" } };

const box = { MaxWidth: "640", MaxHeight: "360", SizingPolicy: "Fit", PaddingPolicy: "Pad" };
const preset = {
  Name: "mine",
  Description: "for phones",
  Container: "mp4",
  Audio: {
    Codec: "AAC",
    SampleRate: "44100",
    BitRate: "96",
    Channels: "2",
    AudioPackingMode: "SingleTrack",
    CodecOptions: { Profile: "AAC-LC" },
  },
};
const video = {
  Codec: "H.264",
  CodecOptions: { Profile: "main", Level: "3.1", MaxReferenceFrames: "3" },
  KeyframesMaxDist: "90",
  FixedGOP: "false",
  BitRate: "1600",
  FrameRate: "auto",
  MaxFrameRate: "60",
  AspectRatio: "16:9",
};
const thumbnails = { Format: "png", Interval: "60", AspectRatio: "16:9" };
const watermark = {
  Id: "Corner",
  MaxWidth: "10%",
  MaxHeight: "64px",
  SizingPolicy: "ShrinkToFit",
  HorizontalAlign: "Right",
  HorizontalOffset: "5px",
  VerticalAlign: "Top",
  VerticalOffset: "5%",
  Opacity: "55.5",
  Target: "Frame",
};
const pcm = { Codec: "pcm", CodecOptions: { BitDepth: "16", BitOrder: "LittleEndian", Signed: "Signed" } };

/**
 * Requests that together hold every field the service carries out or records; fields that exclude each other stand
 * in different ones.
 */
export const fullRequests: Readonly<Record<string, readonly object[]>> = {
  CreateJob: [
    { ...job, Input: input, Output: output },
    { ...job, Inputs: [input], Outputs: [output] },
  ],
  CreatePipeline: [
    { ...pipeline, OutputBucket: "films" },
    { ...pipeline, ...pipelineConfigs },
  ],
  UpdatePipeline: [{ Id: pipelineId, ...pipeline, ...pipelineConfigs }],
  UpdatePipelineNotifications: [{ Id: pipelineId, Notifications: pipeline.Notifications }],
  UpdatePipelineStatus: [{ Id: pipelineId, Status: "Paused" }],
  CreatePreset: [
    {
      ...preset,
      Video: { ...video, ...box, DisplayAspectRatio: "16:9", Watermarks: [watermark] },
      Thumbnails: { ...thumbnails, ...box },
    },
    {
      ...preset,
      Video: { ...video, Resolution: "640x360" },
      Thumbnails: { ...thumbnails, Resolution: "192x108" },
    },
    { Name: "sound", Container: "wav", Audio: { ...pcm, SampleRate: "44100", Channels: "2" } },
  ],
  TestRole: [{ Role: role, InputBucket: "uploads", OutputBucket: "films", Topics: [topic("c")] }],
};

/** A CreateJob request in which a rejected field can be set. */
export const plainJob = {
  PipelineId: pipelineId,
  Inputs: [{ Key: "clip.mov" }],
  Outputs: [
    {
      Key: output.Key,
      PresetId: segments,
      Watermarks: [{ PresetWatermarkId: "TopLeft", InputKey: "logo.png" }],
    },
  ],
  Playlists: [{ Name: "master", Format: "HLSv3", OutputKeys: [output.Key] }],
};

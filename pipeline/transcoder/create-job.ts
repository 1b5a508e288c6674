import { createHash, randomBytes } from "node:crypto";
import * as z from "../schema/z.ts";
import type { WorkLimits } from "../work/order.ts";
import { ApiError } from "./api-error.ts";
import type { Pipeline, TranscoderJob } from "./job.ts";
import type { Preset } from "./preset.ts";

const id = z.string().check(z.regex(/^\d{13}-\w{6}$/));
const key = z.string().check(z.minLength(1), z.maxLength(1024));
const automatic = z.optional(z.literal("auto"));

const input = z.strictObject({
  Key: key,
  FrameRate: automatic,
  Resolution: automatic,
  AspectRatio: automatic,
  Interlaced: automatic,
  Container: automatic,
});
const output = z.strictObject({
  Key: key,
  PresetId: id,
  Rotate: z._default(z.enum(["auto", "0", "90", "180", "270"]), "auto"),
  ThumbnailPattern: z.optional(z.literal("")),
});
const request = z
  .strictObject({
    PipelineId: id,
    Input: z.optional(input),
    Inputs: z.optional(z.array(input).check(z.length(1, "stitching of several inputs is not supported yet"))),
    Output: z.optional(output),
    Outputs: z.optional(z.array(output).check(z.minLength(1), z.maxLength(30))),
    OutputKeyPrefix: z.optional(z.string().check(z.maxLength(255))),
    UserMetadata: z._default(
      z
        .record(z.string().check(z.minLength(1), z.maxLength(128)), z.string().check(z.maxLength(256)))
        .check(z.refine((entries) => Object.keys(entries).length <= 10, "at most 10 entries")),
      {},
    ),
  })
  .check(
    z.refine((body) => (body.Input === undefined) !== (body.Inputs === undefined), {
      message: "exactly one of Input and Inputs must be given",
      path: ["Input"],
    }),
    z.refine((body) => (body.Output === undefined) !== (body.Outputs === undefined), {
      message: "exactly one of Output and Outputs must be given",
      path: ["Outputs"],
    }),
  );
export type CreateJobRequest = z.infer<typeof request>;

const describe = (issue: z.core.$ZodIssue): string => {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return `${path || "The request"}: ${issue.message}`;
  const fields = issue.keys.map((name) => (path === "" ? name : `${path}.${name}`)).join(", ");
  return `${fields}: not known, or not supported yet`;
};

/** @throws ApiError ValidationException, naming the field */
export const parseCreateJob = (body: unknown): CreateJobRequest => {
  const parsed = request.safeParse(body);
  if (!parsed.success)
    throw new ApiError("ValidationException", parsed.error.issues.map(describe).join("; "));
  return parsed.data;
};

const characters = "0123456789abcdefghijklmnopqrstuvwxyz";
const digits = (bytes: Uint8Array, alphabet: string, length: number): string => {
  let number = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let position = 0; position < length; position += 1) {
    text += alphabet[Number(number % BigInt(alphabet.length))];
    number /= BigInt(alphabet.length);
  }
  return text;
};

/**
 * The id of a new job. `reelway-job` and its attempt make it the same for the same job, so that a repeated
 * CreateJob finds the first one; else it is the time and chance.
 */
export const transcoderJobId = (
  pipelineId: string,
  userMetadata: Readonly<Record<string, string>>,
  now: number,
): string => {
  const job = userMetadata["reelway-job"];
  if (job === undefined)
    return `${String(now).padStart(13, "0").slice(0, 13)}-${digits(randomBytes(8), characters, 6)}`;
  const hash = createHash("sha256")
    .update(`${pipelineId}\n${job}\n${userMetadata["reelway-attempt"] ?? "1"}`)
    .digest();
  return `${digits(hash.subarray(0, 16), "0123456789", 13)}-${digits(hash.subarray(16), characters, 6)}`;
};

interface Circumstances {
  readonly pipeline: Pipeline;
  readonly preset: (id: string) => Preset | undefined;
  readonly limits: WorkLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The record of a new job, its presets resolved. @throws ApiError where a preset does not exist */
export const newTranscoderJob = (body: CreateJobRequest, circumstances: Circumstances): TranscoderJob => {
  const { pipeline, now } = circumstances;
  const source = body.Input ?? body.Inputs?.[0];
  const outputs = body.Outputs ?? (body.Output === undefined ? [] : [body.Output]);
  const prefix = body.OutputKeyPrefix ?? "";
  const keys = outputs.map((entry) => `${prefix}${entry.Key}`);
  const twice = keys.find((entry, index) => keys.indexOf(entry) !== index);
  if (twice !== undefined) throw new ApiError("ValidationException", `Outputs: key ${twice} is given twice`);
  const at = new Date(now).toISOString();
  return {
    id: transcoderJobId(pipeline.Id, body.UserMetadata, now),
    pipelineId: pipeline.Id,
    inputBucket: pipeline.InputBucket,
    inputKey: source?.Key ?? "",
    outputBucket: pipeline.ContentConfig.Bucket,
    outputKeyPrefix: body.OutputKeyPrefix,
    outputs: outputs.map((entry, index) => {
      const preset = circumstances.preset(entry.PresetId);
      if (preset === undefined)
        throw new ApiError(
          "ResourceNotFoundException",
          `The specified preset was not found: ${entry.PresetId}`,
        );
      return { id: String(index + 1), key: entry.Key, preset, rotate: entry.Rotate, status: "Submitted" };
    }),
    userMetadata: body.UserMetadata,
    status: "Submitted",
    attempt: 1,
    attemptLimit: 3,
    progress: { percent: 0, stage: "submitted" },
    limits: circumstances.limits,
    createdAt: at,
    updatedAt: at,
    history: [{ at, status: "Submitted", attempt: 1, detail: "created" }],
  };
};

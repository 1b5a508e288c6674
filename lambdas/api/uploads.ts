import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { TextSigner } from "../../pipeline/access/text-signer.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import {
  completedUploadSchema,
  completeUploadSchema,
  createdUploadSchema,
  createUploadSchema,
  fileNameSchema,
  mediaTypeSchema,
  metadataDescription,
  signedPartSchema,
  signedUploadSchema,
  uploadedPartSchema,
} from "../../pipeline/api/uploads.ts";
import {
  type MultipartReference,
  multipartLimits,
  UploadFailure,
  type UploadTarget,
} from "../../pipeline/ports/upload-signer.ts";
import { planUpload, type Uploader } from "../../pipeline/uploads/upload-key.ts";
import { getCaller, requireWriteScope } from "./authentication.ts";
import type { ApiUploads } from "./ports.ts";
import { describeProblems, diskFullMessage, limitBody } from "./problems.ts";
import { createUploadIds } from "./upload-ids.ts";

const tags = ["Uploads"];

/** Where the uploads of users are. */
const ownFolderDescription =
  "The key of a user who is not an operator has a folder with the user's id before the file name, e.g. `responses/USER_ID/lecture.mp4`; the response has the key.";

/** Maximum size of the list of parts, bytes: 10,000 parts of about 100 characters each, and room. */
const maxCompleteBytes = 4 * 2 ** 20;

/** Largest file of an upload in one request, bytes (Amazon S3 API reference, "POST Object"). */
const maxSingleUploadBytes = 5 * 2 ** 30;

const uploadPath = z.object({ uploadId: z.string().describe("Id of the upload.") });
const partPath = uploadPath.extend({
  partNumber: z.coerce.number().int().min(1).max(multipartLimits.maxParts).describe("Number of the part."),
});
const keyQuery = z.strictObject({ key: z.string().min(1).describe("Key of the upload.") });
const noQuery = z.strictObject({});
const metadataParameterPattern = /^metadata\[(.*)\]$/s;
const paramsQuery = z.looseObject({
  filename: fileNameSchema,
  type: mediaTypeSchema.describe("Media type of the file."),
  // The query has a parameter for each entry: they are not in this object.
  metadata: z
    .record(z.string(), z.string())
    .optional()
    .describe(`${metadataDescription} Each entry is a parameter \`metadata[NAME]\`.`)
    .openapi({ param: { style: "deepObject", explode: true } }),
});

const content = <Schema extends z.ZodType>(schema: Schema) => ({ "application/json": { schema } });
const missing = ["invalid-request", "upload-not-found"] as const;

const routes = {
  params: createRoute({
    method: "get",
    path: "/s3/params",
    operationId: "signUpload",
    summary: "Sign an upload",
    description: `Signs the upload of a file of up to 5 GiB in one request: a POST of a form with these fields, then the file. The form can be sent for an hour. The response to the form is 204 with the object's \`ETag\`. ${ownFolderDescription}`,
    tags,
    request: { query: paramsQuery },
    responses: {
      200: { description: "The signed request.", content: content(signedUploadSchema) },
      ...describeProblems("invalid-request", "insufficient-scope", "disk-full"),
    },
  }),
  create: createRoute({
    method: "post",
    path: "/s3/multipart",
    operationId: "createUpload",
    summary: "Start an upload in parts",
    description: `Starts an upload in parts, which can be resumed. If the key exists, the object gets a new version. An upload without any change for two days is removed. ${ownFolderDescription}`,
    tags,
    request: {
      query: noQuery,
      body: { description: "The file.", required: true, content: content(createUploadSchema) },
    },
    responses: {
      200: { description: "The upload.", content: content(createdUploadSchema) },
      ...describeProblems("invalid-request", "body-too-large", "unsupported-media-type", "disk-full"),
    },
  }),
  signPart: createRoute({
    method: "get",
    path: "/s3/multipart/{uploadId}/{partNumber}",
    operationId: "signUploadPart",
    summary: "Sign a part",
    description: "Returns the URL for a PUT of a part. The PUT's response has the part's `ETag`.",
    tags,
    request: { params: partPath, query: keyQuery },
    responses: {
      200: { description: "The URL.", content: content(signedPartSchema) },
      ...describeProblems(...missing, "insufficient-scope", "disk-full"),
    },
  }),
  listParts: createRoute({
    method: "get",
    path: "/s3/multipart/{uploadId}",
    operationId: "listUploadParts",
    summary: "List the stored parts",
    description: "Lists the parts that are stored, ordered by number, to resume an upload.",
    tags,
    request: { params: uploadPath, query: keyQuery },
    responses: {
      200: { description: "The parts.", content: content(z.array(uploadedPartSchema)) },
      ...describeProblems(...missing),
    },
  }),
  complete: createRoute({
    method: "post",
    path: "/s3/multipart/{uploadId}/complete",
    operationId: "completeUpload",
    summary: "Complete an upload",
    description: "Stores the object from its parts. A repeated request returns the first result.",
    tags,
    request: {
      params: uploadPath,
      query: keyQuery,
      body: { description: "The parts.", required: true, content: content(completeUploadSchema) },
    },
    responses: {
      200: { description: "The object.", content: content(completedUploadSchema) },
      ...describeProblems(
        ...missing,
        "invalid-parts",
        "body-too-large",
        "unsupported-media-type",
        "disk-full",
      ),
    },
  }),
  abort: createRoute({
    method: "delete",
    path: "/s3/multipart/{uploadId}",
    operationId: "abortUpload",
    summary: "Abort an upload",
    description: "Removes an upload and its parts.",
    tags,
    request: { params: uploadPath, query: keyQuery },
    responses: {
      204: { description: "The upload is removed." },
      ...describeProblems(...missing),
    },
  }),
};

type Metadata = Readonly<Record<string, string | number | boolean | null>>;

const toTarget = (
  {
    filename,
    type,
    metadata,
  }: { readonly filename: string; readonly type: string; readonly metadata: Metadata },
  place: "query" | "body",
  uploader: Uploader,
): UploadTarget => {
  const texts = Object.entries(metadata).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)] as const],
  );
  const plan = planUpload(filename, Object.fromEntries(texts), uploader);
  if ("key" in plan) return { ...plan, contentType: type };
  throw new ProblemError(
    "invalid-request",
    plan.faults.map(({ parameter, detail }) => `${parameter}: ${detail}`).join(" "),
    { errors: plan.faults.map((fault) => ({ ...fault, in: place })) },
  );
};

/** Parses `metadata[NAME]` parameters. @throws ProblemError for any other parameter */
const parseMetadata = (parameters: Readonly<Record<string, unknown>>): Metadata => {
  const entries = Object.entries(parameters).map(
    ([name, value]) => [name, metadataParameterPattern.exec(name)?.[1], value] as const,
  );
  const errors = entries.flatMap(([parameter, name, value]) =>
    name === undefined
      ? [{ parameter, in: "query" as const, detail: "The API does not know this parameter." }]
      : typeof value === "string"
        ? []
        : [{ parameter, in: "query" as const, detail: "The parameter occurs more than once." }],
  );
  if (errors.length > 0)
    throw new ProblemError(
      "invalid-request",
      errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join("; "),
      { errors },
    );
  return Object.fromEntries(entries.map(([, name = "", value]) => [name, String(value)]));
};

/** Converts a failure of an upload to its problem. */
export const toUploadProblem = (cause: unknown): unknown =>
  cause instanceof UploadFailure
    ? new ProblemError(cause.kind === "missing" ? "upload-not-found" : "invalid-parts", cause.message)
    : cause;

/** Adds the operations of uploads, which `@uppy/aws-s3` calls. */
export const addUploadOperations = (
  app: OpenAPIHono,
  { signer, isDiskFull }: ApiUploads,
  { idSigner, onStored }: { readonly idSigner: TextSigner; readonly onStored: () => void },
): void => {
  const uploadIds = createUploadIds(idSigner);
  const requireSpace = (): void => {
    if (isDiskFull()) throw new ProblemError("disk-full", diskFullMessage);
  };
  /** Calls an operation of an upload that belongs to the caller. */
  const attemptWith = async <Result>(
    context: Context,
    upload: MultipartReference,
    operation: (upload: MultipartReference) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await operation(await uploadIds.resolve(upload, getCaller(context)));
    } catch (cause) {
      throw toUploadProblem(cause);
    }
  };
  app.use("/s3/multipart", limitBody());
  app.use("/s3/multipart/:uploadId/complete", limitBody(maxCompleteBytes));

  app.openapi(routes.params, async (context) => {
    const { filename, type, ...parameters } = context.req.valid("query");
    const caller = requireWriteScope(context);
    const target = toTarget({ filename, type, metadata: parseMetadata(parameters) }, "query", caller);
    requireSpace();
    const { url, fields } = await signer.signUpload(target, { maxBytes: maxSingleUploadBytes });
    return context.json(
      {
        method: "POST" as const,
        url: new URL(url, context.req.url).href,
        fields: { ...fields },
        headers: {},
      },
      200,
    );
  });
  app.openapi(routes.create, async (context) => {
    const { metadata = {}, ...file } = context.req.valid("json");
    const caller = getCaller(context);
    const target = toTarget({ ...file, metadata }, "body", caller);
    requireSpace();
    const { key } = target;
    const { uploadId } = await signer.createMultipart(target);
    return context.json({ uploadId: await uploadIds.issue({ uploadId, key }, caller), key }, 200);
  });
  app.openapi(routes.signPart, async (context) => {
    const { partNumber, ...upload } = context.req.valid("param");
    requireWriteScope(context);
    requireSpace();
    const { url } = await attemptWith(context, { ...upload, ...context.req.valid("query") }, (reference) =>
      signer.signPart(reference, partNumber),
    );
    return context.json({ url: new URL(url, context.req.url).href }, 200);
  });
  app.openapi(routes.listParts, async (context) => {
    const upload = { ...context.req.valid("param"), ...context.req.valid("query") };
    const parts = await attemptWith(context, upload, signer.listParts);
    return context.json(
      parts.map(({ partNumber, bytes, etag }) => ({ PartNumber: partNumber, Size: bytes, ETag: etag })),
      200,
    );
  });
  app.openapi(routes.complete, async (context) => {
    const upload = { ...context.req.valid("param"), ...context.req.valid("query") };
    const parts = context.req
      .valid("json")
      .parts.map(({ PartNumber, ETag }) => ({ partNumber: PartNumber, etag: ETag }));
    const { location, bucket, key, jobId } = await attemptWith(context, upload, (reference) =>
      signer.completeMultipart(reference, parts),
    );
    onStored();
    return context.json({ location: new URL(location, context.req.url).href, bucket, key, jobId }, 200);
  });
  app.openapi(routes.abort, async (context) => {
    const upload = { ...context.req.valid("param"), ...context.req.valid("query") };
    await attemptWith(context, upload, signer.abortMultipart);
    return context.body(null, 204);
  });
};

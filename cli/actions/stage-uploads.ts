import { stat } from "node:fs/promises";
import { createFileUploads } from "../../adapters/aws/file-upload.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";
import type { RuntimeClient } from "../../runtime/client.ts";
import { onStopSignal } from "../signals.ts";
import { readDeployment } from "./deployment.ts";

/** Opens uploads to a stage's input bucket, with AWS credentials. @throws UsageError for an unknown stage */
export const openStageUploads = async (stage: string): Promise<Pick<RuntimeClient, "upload">> => {
  const { configuration, deployment } = await readDeployment(stage);
  const { inputBucket: bucket, region } = deployment;
  const uploads = createFileUploads({ region }, bucket);
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandError("The upload was stopped.")));
  return {
    async upload(file, metadata, onProgress) {
      const { key } = file;
      const before = await stat(file.path);
      const target = { key, contentType: getContentType(key), metadata };
      const { etag, versionId } = await uploads.upload(file, target, onProgress, stop.signal);
      const after = await stat(file.path);
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
        throw new CommandError(
          `${file.path} changed during the upload. Upload it again when it is complete.`,
        );
      const match = matchRoute(configuration, key);
      // Without versions, the id contains a value of the event that S3 sends.
      const jobId =
        match.kind === "ignored" || versionId === undefined
          ? null
          : computeJobId({ bucket, key, etag, versionId }, match.kind === "route" ? match.route.name : null);
      return { location: `s3://${bucket}/${key}`, bucket, key, jobId };
    },
  };
};

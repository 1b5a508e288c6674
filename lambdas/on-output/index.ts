import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createS3ObjectLookup } from "../../adapters/aws/object-lookup.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { onOutputEnvironment } from "../../pipeline/environment/on-output.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { createOnOutputHandler } from "./notify-thumbnails.ts";
import { onOutput } from "./on-output.ts";

const environment = parseEnvironment("on-output", onOutputEnvironment, process.env);
const region = environment.AWS_REGION;
const telemetry = createTelemetry("on-output");

/** Handler of the function on-output. */
export const handler = withTelemetry(
  telemetry,
  createOnOutputHandler({
    outputBucket: environment.OUTPUT_BUCKET,
    objects: createS3ObjectLookup(new S3Client({ region })),
    jobs: createDynamoJobStore(new DynamoDBClient({ region }), environment.JOBS_TABLE, {
      now: () => new Date(),
    }),
    log: telemetry.log,
    onOutput,
  }),
);

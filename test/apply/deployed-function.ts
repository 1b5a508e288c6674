import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import type { StoredResource } from "../../terraform/runner/terraform.ts";
import type { Moto } from "../contract/moto.ts";
import { unzip } from "./archive.ts";

/** The location of a function's package in Terraform's state. */
const stored = z.object({ function_name: z.string(), s3_bucket: z.string(), s3_key: z.string() });

/** A deployed function, run by this machine's Node. */
export interface DeployedFunction {
  /** The function's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Invokes it once, in its own process. */
  call(event: unknown): Promise<unknown>;
}

/**
 * Downloads a deployed function's package and asks Lambda for its variables.
 *
 * @param resources of the stack that made it
 * @param folder where the package is unpacked
 */
export const downloadFunction = async (
  moto: Moto,
  resources: readonly StoredResource[],
  name: string,
  folder: string,
): Promise<DeployedFunction> => {
  const { s3_bucket: Bucket, s3_key: Key } = resources
    .filter(({ type }) => type === "aws_lambda_function")
    .map(({ values }) => stored.parse(values))
    .find((one) => one.function_name === name) ?? { s3_bucket: undefined, s3_key: undefined };
  const { Body } = await new S3Client(moto.client).send(new GetObjectCommand({ Bucket, Key }));
  const { Environment, Handler } = await new LambdaClient(moto.client).send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  if (Handler !== "index.handler") throw new Error(`${name} is handled by ${Handler}.`);
  const directory = join(folder, name);
  await mkdir(directory, { recursive: true });
  for (const [file, content] of unzip(Buffer.from((await Body?.transformToByteArray()) ?? [])))
    await writeFile(join(directory, file), content);
  const environment = Environment?.Variables ?? {};
  return {
    environment,
    async call(event) {
      const child = spawn(process.execPath, [fileURLToPath(new URL("run-handler.cjs", import.meta.url))], {
        cwd: directory,
        env: {
          ...environment,
          // Lambda sets these; the endpoint alone is the emulator's.
          AWS_REGION: moto.client.region,
          AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
          AWS_LAMBDA_FUNCTION_NAME: name,
          AWS_ENDPOINT_URL: moto.client.endpoint,
        },
        stdio: ["pipe", "pipe", "pipe", "pipe"],
      });
      const [, , , answer] = child.stdio;
      if (answer === null || answer === undefined || !("read" in answer)) throw new Error("no pipe");
      child.stdin.end(JSON.stringify(event));
      const [[code], stdout, logged, stderr] = await Promise.all([
        once(child, "close"),
        buffer(answer),
        text(child.stdout),
        text(child.stderr),
      ]);
      if (code !== 0) throw new Error(`${name} ended with ${code}:\n${logged}${stderr}`);
      return JSON.parse(stdout.toString());
    },
  };
};

import { imageRequestSchema } from "../../../pipeline/encoding/image-request.ts";
import type { ImageResult } from "../../../pipeline/encoding/image-result.ts";
import { toFailure } from "./image-error.ts";

// Requests run one after another. Each further thread would reserve a stack. libuv reads it at its first use.
process.env.UV_THREADPOOL_SIZE = "1";

/** Loads sharp only here, so that a package that is missing or was built for another system is reported. */
const loadProcessor = () => import("./process-image.ts");

/**
 * The image program: decodes one untrusted image in a process of its own. Its argument is an `ImageRequest`, its output
 * an `ImageResult`, both JSON.
 */
const run = async (argument: string | undefined): Promise<ImageResult> => {
  let processor: Awaited<ReturnType<typeof loadProcessor>>;
  try {
    processor = await loadProcessor();
  } catch (cause) {
    const [reason] = String(cause).split("\n");
    return { kind: "failure", reason: "program", detail: reason ?? "" };
  }
  try {
    return await processor.processImage(imageRequestSchema.parse(JSON.parse(argument ?? "")));
  } catch (cause) {
    // The worker looks for allocation failures in the log.
    console.error(cause);
    return toFailure(cause);
  }
};

void run(process.argv[2]).then((result) => {
  process.stdout.write(JSON.stringify(result));
});

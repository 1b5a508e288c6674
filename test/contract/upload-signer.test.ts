import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createMultipartUploads } from "../../adapters/local/multipart-uploads.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { createLocalUploadSigner } from "../../adapters/local/upload-signer.ts";
import { createUrlSigner, openSigningKey } from "../../adapters/local/url-signature.ts";
import type { Control } from "../../runtime/control.ts";
import { listen } from "../../runtime/server/listen.ts";
import { createSignedUploadsApi } from "../../runtime/server/signed-uploads.ts";
import { createUploadStore } from "../../runtime/upload-store.ts";
import { describeUploadSignerContract } from "./upload-signer.ts";

describe("the upload signer of one machine", () => {
  describeUploadSignerContract("embedded", async () => {
    const root = await mkdtemp(join(tmpdir(), "reelway-upload-signer-"));
    const uploadStaging = join(root, "staging");
    await mkdir(uploadStaging);
    const objects = createLocalObjectStore({ directory: join(root, "objects") });
    const bucket = "input";
    const control: Pick<Control, "isDiskFull" | "upload"> = {
      isDiskFull: () => false,
      upload: async (key, file, contentType, metadata) => ({
        ...(await objects.writeByLink({ bucket, key }, file, { contentType, metadata })),
        jobId: null,
      }),
    };
    const uploads = createMultipartUploads({
      directory: join(root, "multipart"),
      store: createUploadStore(control),
    });
    const signer = createUrlSigner({
      key: await openSigningKey(join(root, "key")),
      expirySeconds: 60,
      now: Date.now,
    });
    const server = await listen(0);
    server.serve(
      createSignedUploadsApi({ control, uploads, signer, uploadStaging, invalidateJobs: () => undefined }),
    );
    return {
      signer: createLocalUploadSigner(uploads, signer),
      resolve: (url) => new URL(url, `http://127.0.0.1:${server.port}`).href,
      async read(key) {
        const head = await objects.head({ bucket, key });
        return head && { ...head, bytes: await buffer(await objects.read({ bucket, key })) };
      },
      async close() {
        await server.close();
        await rm(root, { recursive: true, force: true });
      },
    };
  });
});

import { api, RequestError } from "../api/client.ts";
import type { UploadFile } from "./uppy.ts";

/** Why an upload failed. */
export type Diagnosis =
  /** The server cannot be reached, or asks to wait. */
  | { readonly kind: "connection" }
  | { readonly kind: "session" }
  /** The server has no such unfinished upload. */
  | { readonly kind: "upload-missing" }
  /** The API accepts the upload; its data did not arrive. */
  | { readonly kind: "transfer" }
  | { readonly kind: "failed"; readonly reason: string };

/** Converts a failure of the API. */
export const toDiagnosis = (cause: unknown): Diagnosis => {
  if (!(cause instanceof RequestError)) return { kind: "failed", reason: String(cause) };
  const { problem, message } = cause;
  if (problem === undefined || problem.status === 429 || (problem.status >= 500 && problem.status !== 507))
    return { kind: "connection" };
  if (problem.status === 401) return { kind: "session" };
  if (problem.type === "/problems/upload-not-found") return { kind: "upload-missing" };
  return { kind: "failed", reason: message };
};

const isReadable = async ({ data }: UploadFile): Promise<boolean> => {
  if (!(data instanceof Blob)) return false;
  try {
    await data.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
};

/** Finds out why an upload failed: Uppy drops the response, so the request is sent again. It changes nothing. */
export const diagnose = async (file: UploadFile): Promise<Diagnosis> => {
  if (!(await isReadable(file)))
    return {
      kind: "failed",
      reason:
        "The browser cannot read the file: it was changed, moved or deleted after you chose it. Cancel this upload, and add the file anew.",
    };
  const { s3Multipart } = file;
  try {
    if (s3Multipart === undefined)
      await api.GET("/s3/params", {
        params: {
          query: { filename: file.name, type: file.type, metadata: { prefix: file.meta.prefix } },
        },
      });
    else
      await api.GET("/s3/multipart/{uploadId}/{partNumber}", {
        params: {
          path: { uploadId: s3Multipart.uploadId, partNumber: 1 },
          query: { key: s3Multipart.key },
        },
      });
    return { kind: "transfer" };
  } catch (cause) {
    return toDiagnosis(cause);
  }
};

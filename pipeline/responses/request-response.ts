import type { Caller } from "../access/caller.ts";
import { canAccess } from "../access/caller.ts";
import type { Clock } from "../ports/clock.ts";
import type { UploadForm, UploadSigner } from "../ports/upload-signer.ts";
import { buildOwnerMetadata } from "../uploads/user-metadata.ts";
import { decideRequest, formExpirySeconds } from "./response.ts";
import { buildVideoKeyStem, getResponseContentType, type ResponseRequest } from "./response-request.ts";
import type { ResponseStore } from "./response-store.ts";

interface RequestPorts {
  readonly responses: ResponseStore;
  readonly signer: Pick<UploadSigner, "signUpload">;
  readonly clock: Clock;
  /** Key of the hashes of e-mail addresses. */
  readonly key: Uint8Array;
  /** Maximum size of a video, bytes. */
  readonly maxBytes: number;
}

/** Result of a request: a signed form, or the reason why the response cannot be uploaded. */
export type RequestResult =
  | { readonly kind: "signed"; readonly form: UploadForm; readonly key: string; readonly expiresAt: Date }
  | { readonly kind: "exists"; readonly isReplaceable: boolean };

/**
 * Records a request for a response and signs the form of its video.
 *
 * @param caller absent: responses are open, and everyone may replace those that belong to nobody
 */
export const requestResponse = async (
  { responses, signer, clock, key, maxBytes }: RequestPorts,
  request: ResponseRequest & { readonly replaces: boolean },
  caller: Pick<Caller, "ownerId" | "isOperator"> | undefined,
): Promise<RequestResult> => {
  const planned = {
    ...request,
    videoKeyStem: buildVideoKeyStem(request, key),
    ...(caller?.ownerId === undefined ? {} : { ownerId: caller.ownerId }),
  };
  for (;;) {
    const existing = await responses.read(request);
    const now = clock.now();
    const isAllowed =
      caller === undefined ? existing?.ownerId === undefined : canAccess(caller, existing?.ownerId);
    const decision = decideRequest(
      existing,
      planned,
      { canAccess: isAllowed, replaces: request.replaces },
      now,
    );
    if (decision.kind === "exists") return decision;
    // Otherwise another request or the upload has changed the record.
    if (decision.record !== undefined && !(await responses.write(decision.record))) continue;
    const form = await signer.signUpload(
      {
        key: decision.video,
        contentType: getResponseContentType(request.type),
        metadata: buildOwnerMetadata(decision.ownerId),
      },
      { maxBytes, expirySeconds: formExpirySeconds },
    );
    return {
      kind: "signed",
      form,
      key: decision.video,
      expiresAt: new Date(now.getTime() + formExpirySeconds * 1000),
    };
  }
};

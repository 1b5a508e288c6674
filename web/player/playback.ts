import type { components } from "../api/schema.ts";
import { describeFailure } from "../components/action-report.ts";

/** How to play a video. */
export type Playback = components["schemas"]["Playback"];

/** Why a video does not play. `codec`: the browser cannot decode it; `access`: access has ended; else `network`. */
export interface PlaybackFailure {
  readonly kind: "codec" | "access" | "network";
  readonly message: string;
}

/** A video element that plays, and where it starts. */
export interface AttachOptions {
  readonly video: HTMLVideoElement;
  readonly playback: Playback;
  /** @default 0 */
  readonly startSeconds?: number;
  /** Whether to play the best rendition, whatever the size of the element and the bandwidth. @default false */
  readonly isBestQuality?: boolean;
  /** Requests access again, when it has expired. @throws RequestError */
  readonly renew: () => Promise<Playback>;
  readonly onFailure: (failure: PlaybackFailure) => void;
}

/** Ends what `attach…` started. */
export type Detach = () => void;

/** A second failure within this time after a renewal is final. */
const renewalMs = 60_000;

/** Whether a response says that access is missing or has expired. */
export const isAccessStatus = (status: number | undefined): boolean => status === 401 || status === 403;

/** Limits the renewals of access: it fails when a new one does not help. */
export const createRenewal = <Access>(renew: () => Promise<Access>) => {
  let renewedAt = Number.NEGATIVE_INFINITY;
  return {
    isAllowed: (): boolean => performance.now() - renewedAt > renewalMs,
    renew(): Promise<Access> {
      renewedAt = performance.now();
      return renew();
    },
  };
};

/** The failure of a request. */
export const toAccessFailure = (cause: unknown): PlaybackFailure => ({
  kind: "access",
  message: describeFailure(cause),
});

export const codecFailure: PlaybackFailure = {
  kind: "codec",
  message:
    "This browser cannot decode the video's codec or container. Download the file and open it in a media player, or use another browser.",
};

export const networkFailure: PlaybackFailure = {
  kind: "network",
  message: "The video could not be loaded. Check the connection, then try again.",
};

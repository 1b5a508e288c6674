import { useState } from "preact/hooks";
import type { Video } from "./library-data.ts";

/** Paths of 24×24 icons. */
const icons = {
  play: "M8 5.5v13l10.5-6.5z",
  audio: "M9 18a3 3 0 1 1-2-2.8V5l12-2v11a3 3 0 1 1-2-2.8V7.4L9 8.7z",
  clock:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14m-1 2v5.4l4 2.4 1-1.7-3-1.8V7z",
  failed: "M12 3 1.5 21h21zm0 4.5 7 11.5H5zM11 11v4h2v-4zm0 5v2h2v-2z",
  canceled: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14m-4 6v2h8v-2z",
} as const;

const chooseIcon = ({ status, recipe }: Video): keyof typeof icons => {
  if (status === "Error") return "failed";
  if (status === "Canceled") return "canceled";
  if (status !== "Complete") return "clock";
  return recipe === "audio" ? "audio" : "play";
};

/** The poster of a video, or an icon for its state. The title beside it says what it is. */
export const Poster = ({ video }: { readonly video: Video }) => {
  // A signed URL that has expired, or an output that was removed.
  const [failedUrl, setFailedUrl] = useState<string>();
  const { posterUrl } = video;
  return posterUrl !== null && posterUrl !== failedUrl ? (
    <img
      class="library-poster-image"
      src={posterUrl}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setFailedUrl(posterUrl)}
    />
  ) : (
    <svg
      class={`library-poster-icon library-icon-${chooseIcon(video)}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={icons[chooseIcon(video)]} />
    </svg>
  );
};

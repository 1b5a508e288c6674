import { useState } from "preact/hooks";

interface FrameProps {
  readonly url: string | null;
  /** Called when the URL does not work, e.g. because it has expired. */
  readonly onError?: () => void;
}

/** A frame of a channel; empty if it does not exist or has expired. The text beside it says what it shows. */
export const Frame = ({ url, onError }: FrameProps) => {
  const [failedUrl, setFailedUrl] = useState<string>();
  return (
    <span class="highlights-frame">
      {url !== null && url !== failedUrl && (
        <img
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => {
            setFailedUrl(url);
            onError?.();
          }}
        />
      )}
    </span>
  );
};

import { useState } from "preact/hooks";

/** A frame of a channel; empty if it does not exist or has expired. The text beside it says what it shows. */
export const Frame = ({ url }: { readonly url: string | null }) => {
  const [failedUrl, setFailedUrl] = useState<string>();
  return (
    <span class="highlights-frame">
      {url !== null && url !== failedUrl && (
        <img src={url} alt="" loading="lazy" decoding="async" onError={() => setFailedUrl(url)} />
      )}
    </span>
  );
};

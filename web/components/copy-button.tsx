import "./copy.css";
import { useState } from "preact/hooks";

interface CopyButtonProps {
  /** Returns what to copy. */
  readonly getText: () => string;
  readonly label: string;
  /** What to do where the browser does not allow to copy, as without HTTPS. */
  readonly fallback: string;
  readonly onRefused?: () => void;
}

/** Copies a text, and says so. */
export const CopyButton = ({ getText, label, fallback, onRefused }: CopyButtonProps) => {
  const [message, setMessage] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(getText());
      setMessage("Copied");
    } catch {
      onRefused?.();
      setMessage(fallback);
    }
  };
  return (
    <span class="copy">
      <button type="button" class="button" onClick={() => void copy()} onBlur={() => setMessage("")}>
        {label}
      </button>
      <span class="muted" role="status">
        {message}
      </span>
    </span>
  );
};

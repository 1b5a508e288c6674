import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import { describeFailure } from "../components/action-report.ts";
import type { Channel } from "./channel-data.ts";
import { offerRange, type Range, toLimits, toRequestRange } from "./range.ts";
import { formatClock, formatTimeZone } from "./times.ts";

interface RangeClipProps {
  readonly channel: Pick<Channel, "name" | "archive">;
  readonly now: Date;
}

/** Makes a clip of a part of the archive. */
export const RangeClip = ({ channel: { name, archive }, now }: RangeClipProps) => {
  const isBusy = useSignal(false);
  const failure = useSignal("");
  const result = useSignal<{ readonly jobId: string | null } | undefined>(undefined);
  /** The range when the form was opened; it stays while the user works, although the archive grows. */
  const offered = useSignal<Range | undefined>(undefined);
  const isEdited = useRef(false);
  if (archive === null) return null;
  const { from: min, to: max } = toLimits(archive);
  const create = async (form: HTMLFormElement): Promise<void> => {
    const values = new FormData(form);
    const range = { from: String(values.get("from")), to: String(values.get("to")) };
    isBusy.value = true;
    failure.value = "";
    result.value = undefined;
    try {
      result.value = await getBody(
        api.POST("/channels/{name}/clips", {
          params: { path: { name } },
          body: toRequestRange(range, archive),
        }),
      );
    } catch (cause) {
      failure.value = describeFailure(cause);
    }
    isBusy.value = false;
  };
  const field = (key: "from" | "to", label: string) => (
    <label>
      {label}
      <input
        class="field"
        type="datetime-local"
        name={key}
        step={1}
        required
        min={min}
        max={max}
        value={offered.value?.[key]}
        onInput={({ currentTarget: { value } }) => {
          isEdited.current = true;
          if (offered.value !== undefined) offered.value = { ...offered.value, [key]: value };
        }}
      />
    </label>
  );
  return (
    <details
      class="highlights-panel highlights-range"
      onToggle={({ currentTarget: { open } }) => {
        if (open && !isEdited.current) offered.value = offerRange(archive);
      }}
    >
      <summary>
        <h2>Clip by hand</h2>
      </summary>
      <p class="muted">
        The archive has the channel from {formatClock(archive.from, now)} to {formatClock(archive.to, now)}.
        Times are those of {formatTimeZone(archive.to)}. A clip lasts at most an hour.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create(event.currentTarget);
        }}
      >
        {field("from", "From")}
        {field("to", "To")}
        <button type="submit" class="button button-primary" disabled={isBusy.value}>
          Create clip
        </button>
      </form>
      {failure.value !== "" && (
        <p class="highlights-alert" role="alert">
          {failure.value}
        </p>
      )}
      <p role="status">
        {result.value !== undefined &&
          (result.value.jobId === null ? (
            "Another system makes the clip."
          ) : (
            <>
              The clip is being made. <a href={`/watch/${result.value.jobId}`}>Open the clip</a>
            </>
          ))}
      </p>
    </details>
  );
};

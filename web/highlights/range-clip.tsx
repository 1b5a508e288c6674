import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import { describeFailure } from "../components/action-report.ts";
import type { Channel } from "./highlights-data.ts";
import { formatClock, toInputTime } from "./times.ts";

/** Length of the range that is offered, seconds. */
const offeredSeconds = 30;

/** The range that is offered: the end of the archive. */
const offerRange = ({ from, to }: NonNullable<Channel["archive"]>) => {
  const end = Date.parse(to);
  return {
    from: toInputTime(new Date(Math.max(Date.parse(from) + 999, end - offeredSeconds * 1000))),
    to: toInputTime(new Date(end)),
  };
};

/** Makes a clip of a part of the archive. */
export const RangeClip = ({ channel: { name, archive } }: { readonly channel: Channel }) => {
  const isBusy = useSignal(false);
  const failure = useSignal("");
  const result = useSignal<{ readonly jobId: string | null } | undefined>(undefined);
  /** Kept while the user works, although the archive grows. */
  const offered = useRef<ReturnType<typeof offerRange>>(undefined);
  if (archive === null) return null;
  offered.current ??= offerRange(archive);
  const limits = { min: toInputTime(new Date(archive.from)), max: toInputTime(new Date()) };
  const create = async (form: HTMLFormElement): Promise<void> => {
    const values = new FormData(form);
    const toTime = (field: string): string => new Date(String(values.get(field))).toISOString();
    isBusy.value = true;
    failure.value = "";
    result.value = undefined;
    try {
      result.value = await getBody(
        api.POST("/channels/{name}/clips", {
          params: { path: { name } },
          body: { from: toTime("from"), to: toTime("to") },
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
        {...limits}
        defaultValue={offered.current?.[key]}
      />
    </label>
  );
  return (
    <details class="highlights-panel highlights-range">
      <summary>
        <h2>Clip by hand</h2>
      </summary>
      <p class="muted">
        The archive has the channel from {formatClock(archive.from)} to {formatClock(archive.to)}. A clip
        lasts at most an hour.
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

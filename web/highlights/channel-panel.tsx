import { useSignal } from "@preact/signals";
import { api, getBody } from "../api/client.ts";
import { describeFailure } from "../components/action-report.ts";
import { formatTime } from "../components/format.ts";
import { formatRelativeTime } from "../library/relative-time.ts";
import type { Channel } from "./channel-data.ts";
import { describeState, formatUsd } from "./channel-state.ts";

interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly text: string;
}

/** A use against its cap. */
const Meter = ({ label, value, max, text }: MeterProps) => (
  <div class="highlights-meter">
    <p>
      <span class="muted">{label}</span> <strong>{text}</strong>
    </p>
    <meter aria-label={`${label}: ${text}`} min={0} max={max} high={max * 0.8} optimum={0} value={value} />
  </div>
);

interface ChannelPanelProps {
  readonly channel: Channel;
  readonly now: Date;
  /** Called with the channel as the user has changed it. */
  readonly onChange: (channel: Channel) => void;
}

/** How a channel is, what it uses, and what can be done with it. */
export const ChannelPanel = ({ channel, now, onChange }: ChannelPanelProps) => {
  const isBusy = useSignal(false);
  const failure = useSignal("");
  const { name, status, paused, message, usage, lagSeconds, lastPolledAt } = channel;
  const isFollowed = !paused && (status === "watching" || status === "capped");
  const { label, tone, advice } = describeState(channel);
  const setPaused = async (isPaused: boolean): Promise<void> => {
    isBusy.value = true;
    failure.value = "";
    try {
      const params = { path: { name } };
      onChange(
        await getBody(
          isPaused
            ? api.POST("/channels/{name}/pause", { params })
            : api.POST("/channels/{name}/resume", { params }),
        ),
      );
    } catch (cause) {
      failure.value = describeFailure(cause);
    }
    isBusy.value = false;
  };
  const texts = [paused ? undefined : message, advice].filter((text) => text !== undefined && text !== null);
  return (
    <section class="highlights-panel highlights-channel" aria-label={`Channel ${name}`}>
      <div class="highlights-state">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <p role="status">
          <span class={`status status-${tone}`}>{label}</span>
        </p>
        {lastPolledAt !== null && (
          <p class="muted">
            {isFollowed && lagSeconds !== null && `${lagSeconds} s behind · `}checked{" "}
            <time dateTime={lastPolledAt} title={formatTime(lastPolledAt)}>
              {formatRelativeTime(lastPolledAt, now)}
            </time>
          </p>
        )}
        <button
          type="button"
          class="button highlights-small"
          disabled={isBusy.value}
          onClick={() => void setPaused(!paused)}
        >
          {paused ? "Resume" : "Pause"}
          <span class="visually-hidden"> {name}</span>
        </button>
      </div>
      {texts.map((text) => (
        <p key={text} class={tone === "error" ? "highlights-alert" : undefined}>
          {text}
        </p>
      ))}
      {failure.value !== "" && (
        <p class="highlights-alert" role="alert">
          {failure.value}
        </p>
      )}
      <div class="highlights-usage">
        <Meter
          label="Detections this hour"
          value={usage.detectionsThisHour}
          max={usage.maxDetectionsPerHour}
          text={`${usage.detectionsThisHour.toLocaleString("en")} of ${usage.maxDetectionsPerHour.toLocaleString("en")}`}
        />
        <Meter
          label="Dollars today"
          value={usage.usdToday}
          max={usage.maxUsdPerDay}
          text={`${formatUsd(usage.usdToday)} of ${formatUsd(usage.maxUsdPerDay)}`}
        />
        <p class="highlights-meter">
          <span class="muted">Dollars this hour</span> <strong>{formatUsd(usage.usdThisHour)}</strong>
        </p>
      </div>
    </section>
  );
};

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { channels, loadChannels } from "../api/channels.ts";
import { isNotFound } from "../api/client.ts";
import { Failure } from "../components/failure.tsx";
import { usePageTitle } from "../components/page-title.ts";
import { PollingNotice } from "../library/polling-notice.tsx";
import { usePolling } from "../library/use-polling.ts";
import { readSelection, type Selection, toAddress } from "./address.ts";
import { Celebrities } from "./celebrities.tsx";
import type { Channel } from "./channel-data.ts";
import { ChannelPanel } from "./channel-panel.tsx";
import { ClipPlayer } from "./clip-player.tsx";
import { Clips } from "./clips.tsx";
import "./highlights.css";
import { findChannelData } from "./highlights-data.ts";
import { Labels } from "./labels.tsx";
import { OnNow } from "./on-now.tsx";
import { choosePollDelayMs, pollDelaysMs } from "./poll-delay.ts";
import { RangeClip } from "./range-clip.tsx";

/** Ages of URLs after which they are requested again, milliseconds: they work for 12 hours; one that has failed, soon. */
const maxUrlAgesMs = { working: 6 * 3_600_000, failed: 60_000 };

/** What is shown before the first channel. */
const NoChannels = () => (
  <section class="empty-state">
    <h2>No channels</h2>
    <p>
      Add a live HLS manifest to <code>channels</code> in <code>reelway.config.ts</code>, with the labels to
      clip, and deploy or restart. Only operators see channels.
    </p>
  </section>
);

/** The channels as links. */
const ChannelLinks = ({ name }: { readonly name: string }) => (
  <nav class="highlights-channels" aria-label="Channels">
    {channels.value?.map((one) => (
      <a
        key={one.name}
        href={toAddress({ channel: one.name })}
        aria-current={one.name === name ? "page" : undefined}
      >
        {one.name}
      </a>
    ))}
  </nav>
);

/** Whether a section is in use: the user points at it, has the focus in it, or has scrolled into it. */
const isInUse = (section: HTMLElement | null): boolean =>
  section !== null && (section.matches(":hover, :focus-within") || section.getBoundingClientRect().top < 0);

interface ChannelViewProps {
  /** The channel as it was listed. */
  readonly listed: Channel;
  readonly selection: Selection;
}

const ChannelView = ({ listed, selection }: ChannelViewProps) => {
  const { name } = listed;
  const data = findChannelData(name);
  const channel = data.channel.value ?? listed;
  const list = data.findList(selection.label);
  const clips = useRef<HTMLElement | null>(null);
  const delayMs = useSignal<number>(pollDelaysMs.shortest);
  /** When the channel was read last. */
  const readAt = useSignal(new Date());
  useEffect(() => {
    if (list.isReady.value) list.refresh(true).catch(() => undefined);
    else void list.loadMore();
    return () => list.stop();
  }, [list]);
  const refresh = async (): Promise<void> => {
    const revision = data.revision.value;
    try {
      await list.refresh(!isInUse(clips.current));
      await list.renewBefore(Date.now() - maxUrlAgesMs.working);
    } catch (cause) {
      // It may have been removed from the configuration.
      if (isNotFound(cause)) await loadChannels();
      throw cause;
    }
    readAt.value = new Date();
    const { paused, status } = data.channel.value ?? listed;
    delayMs.value = choosePollDelayMs(delayMs.value, {
      hasChanged: data.revision.value !== revision,
      hasPendingClip: list.items.value.some(
        ({ status: shown, clip }) =>
          (shown === "closed" && clip === null) ||
          clip?.status === "Submitted" ||
          clip?.status === "Progressing",
      ),
      isWatched: !paused && status !== "ended" && status !== "inactive",
    });
  };
  const failure = usePolling(refresh, delayMs.value);
  const now = readAt.value;
  return (
    <>
      <PollingNotice failure={failure.value} />
      <ChannelPanel
        channel={channel}
        now={now}
        onChange={(changed) => {
          data.replaceChannel(changed);
          delayMs.value = pollDelaysMs.shortest;
        }}
      />
      <OnNow channel={channel} now={now} />
      {selection.clip !== undefined && (
        <ClipPlayer
          key={selection.clip}
          jobId={selection.clip}
          appearance={list.items.value.find(({ clip }) => clip?.jobId === selection.clip)}
          closeAddress={toAddress({
            channel: name,
            ...(selection.label === undefined ? {} : { label: selection.label }),
          })}
        />
      )}
      <Clips
        channel={channel}
        list={list}
        selection={selection}
        sectionRef={clips}
        onImageError={() => {
          list.renewBefore(Date.now() - maxUrlAgesMs.failed).catch(() => undefined);
        }}
      />
      <RangeClip key={name} channel={channel} now={now} />
      <Labels channel={channel} selection={selection} labels={data.labels.value} now={now} />
      {channel.celebrities && <Celebrities celebrities={data.celebrities.value} now={now} />}
    </>
  );
};

/** The view of the watched channels: what is on now, clips, labels and celebrities. It updates by itself. */
export const Highlights = () => {
  usePageTitle("Highlights");
  const selection = readSelection(useLocation().query);
  const all = channels.value;
  const failure = usePolling(
    async () => {
      if (channels.value === undefined || channels.value.length === 0) await loadChannels();
    },
    all === undefined ? pollDelaysMs.shortest : pollDelaysMs.watched,
  );
  const channel =
    selection.channel === undefined ? all?.[0] : all?.find(({ name }) => name === selection.channel);
  return (
    <div class="highlights">
      <div class="highlights-head">
        <h1>Highlights</h1>
        {all !== undefined && all.length > 0 && <ChannelLinks name={channel?.name ?? ""} />}
      </div>
      {all === undefined ? (
        failure.value === "" ? (
          <p role="status">Loading the channels…</p>
        ) : (
          <Failure title="The channels could not be loaded" message={failure.value} />
        )
      ) : channel !== undefined ? (
        <ChannelView key={channel.name} listed={channel} selection={selection} />
      ) : all.length === 0 ? (
        <NoChannels />
      ) : (
        <section class="empty-state">
          <h2>
            Channel <bdi>{selection.channel}</bdi> does not exist
          </h2>
          <p>It may have been removed from the configuration.</p>
          <a class="button" href="/highlights">
            Show the channels
          </a>
        </section>
      )}
    </div>
  );
};

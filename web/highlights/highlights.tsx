import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { Failure } from "../components/failure.tsx";
import { usePageTitle } from "../components/page-title.ts";
import { PollingNotice } from "../library/polling-notice.tsx";
import { usePolling } from "../library/use-polling.ts";
import { readSelection, type Selection, toAddress } from "./address.ts";
import { Celebrities } from "./celebrities.tsx";
import { ChannelPanel } from "./channel-panel.tsx";
import { ClipPlayer } from "./clip-player.tsx";
import { Clips } from "./clips.tsx";
import "./highlights.css";
import { type Channel, channels, findAppearanceList, findFindings } from "./highlights-data.ts";
import { Labels } from "./labels.tsx";
import { OnNow } from "./on-now.tsx";
import { RangeClip } from "./range-clip.tsx";

/** Pauses between two reads: of a channel that is watched, and of one that stands still, milliseconds. */
const delaysMs = { watched: 2500, still: 10_000 };

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
    {channels.value.value?.map((one) => (
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

interface ChannelViewProps {
  readonly channel: Channel;
  readonly selection: Selection;
}

const ChannelView = ({ channel, selection }: ChannelViewProps) => {
  const { name } = channel;
  const findings = findFindings(name);
  const list = findAppearanceList(...[name, selection.label].filter((part) => part !== undefined));
  useEffect(() => {
    if (list.isReady.value) list.refresh(true).catch(() => undefined);
    else void list.loadMore();
    return () => list.stop();
  }, [list]);
  const isWatched = !channel.paused && channel.status !== "ended" && channel.status !== "inactive";
  const refresh = async (): Promise<void> => {
    await Promise.all([
      channels.refresh(),
      list.refresh(true),
      findings.labels.refresh(),
      channel.celebrities ? findings.celebrities.refresh() : undefined,
    ]);
  };
  useEffect(() => {
    refresh().catch(() => undefined);
  }, [name]);
  const failure = usePolling(refresh, isWatched ? delaysMs.watched : delaysMs.still);
  return (
    <>
      <PollingNotice failure={failure.value} />
      <ChannelPanel channel={channel} />
      <OnNow channel={channel} />
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
      <Clips channel={channel} list={list} selection={selection} />
      <RangeClip key={name} channel={channel} />
      <Labels channel={channel} selection={selection} labels={findings.labels.value.value} />
      {channel.celebrities && <Celebrities list={findings.celebrities.value.value} />}
    </>
  );
};

/** The view of the watched channels: what is on now, clips, labels and celebrities. It updates by itself. */
export const Highlights = () => {
  usePageTitle("Highlights");
  const selection = readSelection(useLocation().query);
  const all = channels.value.value;
  const failure = usePolling(
    async () => {
      if (channels.value.value === undefined || channels.value.value.length === 0) await channels.refresh();
    },
    all === undefined ? delaysMs.watched : delaysMs.still,
  );
  useEffect(() => {
    channels.refresh().catch(() => undefined);
  }, []);
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
        <ChannelView key={channel.name} channel={channel} selection={selection} />
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

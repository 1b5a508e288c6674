import { type Selection, toAddress } from "./address.ts";
import type { Channel, ChannelData } from "./channel-data.ts";
import { Findings } from "./findings.tsx";

interface LabelsProps {
  readonly channel: Channel;
  readonly selection: Selection;
  readonly labels: ChannelData["labels"]["value"];
  readonly now: Date;
}

/** The labels of a channel. Those that are clipped select their clips. */
export const Labels = ({ channel, selection, labels: page, now }: LabelsProps) => {
  const findClipLabel = (name: string): string | undefined =>
    channel.clipLabels.find((label) => label.toLowerCase() === name.toLowerCase());
  const buildName = (name: string) => {
    const clipLabel = findClipLabel(name);
    const text = <bdi>{name}</bdi>;
    return clipLabel === undefined ? (
      text
    ) : (
      <a
        href={toAddress({ channel: channel.name, label: clipLabel })}
        aria-current={selection.label === clipLabel ? "true" : undefined}
      >
        {text}
      </a>
    );
  };
  return (
    <Findings
      title="Labels"
      findings={page?.labels.map((label) => ({ ...label, id: label.name, name: buildName(label.name) }))}
      hasMore={page !== undefined && page.cursor !== null}
      emptyText="No labels yet. They appear here by themselves."
      now={now}
    />
  );
};

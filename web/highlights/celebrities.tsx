import type { Celebrity, ChannelData } from "./channel-data.ts";
import { Findings } from "./findings.tsx";

interface CelebritiesProps {
  readonly celebrities: ChannelData["celebrities"]["value"];
  readonly now: Date;
}

/** The name of a celebrity, with a page about the person. */
const buildName = ({ name, urls: [url] }: Celebrity) => {
  const text = <bdi>{name}</bdi>;
  return url === undefined ? (
    text
  ) : (
    <a href={url} rel="noreferrer">
      {text}
    </a>
  );
};

/** The celebrities of a channel. */
export const Celebrities = ({ celebrities: page, now }: CelebritiesProps) => (
  <Findings
    title="Celebrities"
    findings={page?.celebrities.map((celebrity) => ({ ...celebrity, name: buildName(celebrity) }))}
    hasMore={page !== undefined && page.cursor !== null}
    emptyText="No celebrities yet. They appear here by themselves."
    now={now}
  />
);

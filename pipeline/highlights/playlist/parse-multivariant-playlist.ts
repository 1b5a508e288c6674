import {
  type Attributes,
  parseAttributes,
  parseDecimal,
  parseInteger,
  readNumber,
  requireAttribute,
} from "./attributes.ts";
import { playlistLimits } from "./limits.ts";
import { isTag, type PlaylistLine } from "./lines.ts";
import type { AudioRendition, MultivariantPlaylist, Variant } from "./playlist.ts";
import type { PlaylistContext } from "./playlist-context.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";

/** Returns the declared size. Servers declare 0x0 for audio: no size. */
const readSize = ({ line, values }: Attributes): Pick<Variant, "width" | "height"> => {
  const text = values.get("RESOLUTION");
  if (text === undefined) return {};
  const [, width, height] = /^(\d{1,6})x(\d{1,6})$/i.exec(text) ?? [];
  if (width === undefined || height === undefined)
    throw new PlaylistError(`RESOLUTION is ${quoteText(text)}, not WIDTHxHEIGHT`, line.number);
  return Number(width) > 0 && Number(height) > 0 ? { width: Number(width), height: Number(height) } : {};
};

const readVariant = (attributes: Attributes, url: string): Variant => {
  const { line, values } = attributes;
  const bandwidth = parseInteger(requireAttribute(attributes, "BANDWIDTH"), "BANDWIDTH", line.number);
  const averageBandwidth = readNumber(attributes, "AVERAGE-BANDWIDTH", parseInteger);
  const frameRate = readNumber(attributes, "FRAME-RATE", parseDecimal);
  const audioGroup = values.get("AUDIO");
  return {
    url,
    bandwidth,
    ...(averageBandwidth === undefined ? {} : { averageBandwidth }),
    ...readSize(attributes),
    ...(frameRate === undefined ? {} : { frameRate }),
    codecs: (values.get("CODECS") ?? "")
      .split(",")
      .map((codec) => codec.trim())
      .filter((codec) => codec !== ""),
    ...(audioGroup === undefined ? {} : { audioGroup }),
  };
};

const readAudioRendition = (attributes: Attributes, context: PlaylistContext): AudioRendition => {
  const { line, values } = attributes;
  const language = values.get("LANGUAGE");
  const uri = values.get("URI");
  return {
    groupId: requireAttribute(attributes, "GROUP-ID"),
    name: requireAttribute(attributes, "NAME"),
    ...(language === undefined ? {} : { language }),
    isDefault: values.get("DEFAULT") === "YES",
    ...(uri === undefined || uri === "" ? {} : { url: context.resolveUrl(uri, line.number) }),
  };
};

/** @throws PlaylistError */
export const parseMultivariantLines = (
  lines: Iterable<PlaylistLine>,
  context: PlaylistContext,
): Omit<MultivariantPlaylist, "variables"> => {
  const variants: Variant[] = [];
  const audioRenditions: AudioRendition[] = [];
  /** Of the variant whose URI must be the next line. */
  let stream: Attributes | undefined;
  const failWithoutUri = ({ line }: Attributes): never => {
    throw new PlaylistError("EXT-X-STREAM-INF is not followed by a URI", line.number);
  };
  const checkCount = (count: number, line: number): void => {
    if (count > playlistLimits.streams)
      throw new PlaylistError(`the playlist has more than ${playlistLimits.streams} streams`, line);
  };

  for (const line of lines) {
    if (!isTag(line)) {
      if (stream === undefined)
        throw new PlaylistError(
          `the URI ${quoteText(line.value)} does not follow EXT-X-STREAM-INF`,
          line.number,
        );
      variants.push(
        readVariant(stream, context.resolveUrl(context.substitute(line.value, line.number), line.number)),
      );
      checkCount(variants.length, line.number);
      stream = undefined;
    } else if (line.tag === "EXT-X-STREAM-INF") {
      if (stream !== undefined) failWithoutUri(stream);
      stream = parseAttributes(line, context.substitute);
    } else if (line.tag === "EXT-X-MEDIA") {
      const attributes = parseAttributes(line, context.substitute);
      if (requireAttribute(attributes, "TYPE") !== "AUDIO") continue;
      audioRenditions.push(readAudioRendition(attributes, context));
      checkCount(audioRenditions.length, line.number);
    }
  }
  if (stream !== undefined) failWithoutUri(stream);
  return { kind: "multivariant", url: context.url, variants, audioRenditions };
};

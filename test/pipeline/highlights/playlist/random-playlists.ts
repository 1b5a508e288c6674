import fc from "fast-check";

const decimal = (max: number) =>
  fc.integer({ min: 0, max: max * 1000 }).map((value) => (value / 1000).toFixed(3));
const name = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
const uri = fc.oneof(
  name.map((text) => `${text}.ts`),
  name.map((text) => `../${text}/seg.m4s?a=${text}`),
  name.map((text) => `https://cdn.example.com/${text}.ts`),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const segment = fc
  .record({
    uri,
    seconds: decimal(4),
    title: fc.constantFrom("", "live", "a, b"),
    isDiscontinuity: fc.integer({ min: 0, max: 5 }).map((value) => value === 0),
    isGap: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    range: optional(fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 1_000_000 }))),
    date: optional(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })),
    key: optional(
      fc.oneof(
        fc.constant("#EXT-X-KEY:METHOD=NONE"),
        name.map((text) => `#EXT-X-KEY:METHOD=AES-128,URI="${text}?a,b=c"`),
        fc.stringMatching(/^[0-9A-F]{32}$/).map((iv) => `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${iv}`),
      ),
    ),
  })
  .map(({ uri, seconds, title, isDiscontinuity, isGap, range, date, key }) => [
    ...(isDiscontinuity ? ["#EXT-X-DISCONTINUITY"] : []),
    ...(key === undefined ? [] : [key]),
    ...(date === undefined ? [] : [`#EXT-X-PROGRAM-DATE-TIME:${date.toISOString()}`]),
    ...(isGap ? ["#EXT-X-GAP"] : []),
    ...(range === undefined ? [] : [`#EXT-X-BYTERANGE:${range[0]}@${range[1]}`]),
    `#EXTINF:${seconds},${title}`,
    uri,
  ]);

/** Valid media playlists. */
export const mediaPlaylists: fc.Arbitrary<string> = fc
  .record({
    mediaSequence: optional(fc.integer({ min: 0, max: 1_000_000 })),
    discontinuitySequence: optional(fc.integer({ min: 0, max: 1000 })),
    type: optional(fc.constantFrom("EVENT", "VOD")),
    map: optional(name.map((text) => `#EXT-X-MAP:URI="${text}.mp4",BYTERANGE="700@0"`)),
    segments: fc.array(segment, { minLength: 1, maxLength: 12 }),
    isEnded: fc.boolean(),
  })
  .map(({ mediaSequence, discontinuitySequence, type, map, segments, isEnded }) =>
    [
      "#EXTM3U",
      "#EXT-X-VERSION:8",
      "#EXT-X-TARGETDURATION:4",
      ...(mediaSequence === undefined ? [] : [`#EXT-X-MEDIA-SEQUENCE:${mediaSequence}`]),
      ...(discontinuitySequence === undefined
        ? []
        : [`#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}`]),
      ...(type === undefined ? [] : [`#EXT-X-PLAYLIST-TYPE:${type}`]),
      ...(map === undefined ? [] : [map]),
      ...segments.flat(),
      ...(isEnded ? ["#EXT-X-ENDLIST"] : []),
      "",
    ].join("\n"),
  );

const variant = fc
  .record({
    uri: name.map((text) => `${text}.m3u8`),
    bandwidth: fc.integer({ min: 1, max: 100_000_000 }),
    average: optional(fc.integer({ min: 1, max: 100_000_000 })),
    size: optional(fc.tuple(fc.integer({ min: 1, max: 8192 }), fc.integer({ min: 1, max: 8192 }))),
    frameRate: optional(decimal(120)),
    codecs: optional(fc.constantFrom("avc1.64001f,mp4a.40.2", "hvc1.1.6.L93.B0", "mp4a.40.2")),
    hasAudio: fc.boolean(),
  })
  .map(({ uri, bandwidth, average, size, frameRate, codecs, hasAudio }) => {
    const attributes = [
      `BANDWIDTH=${bandwidth}`,
      ...(average === undefined ? [] : [`AVERAGE-BANDWIDTH=${average}`]),
      ...(size === undefined ? [] : [`RESOLUTION=${size[0]}x${size[1]}`]),
      ...(frameRate === undefined ? [] : [`FRAME-RATE=${frameRate}`]),
      ...(codecs === undefined ? [] : [`CODECS="${codecs}"`]),
      ...(hasAudio ? ['AUDIO="aac"'] : []),
    ];
    return [`#EXT-X-STREAM-INF:${attributes.join(",")}`, uri];
  });

/** Valid multivariant playlists. */
export const multivariantPlaylists: fc.Arbitrary<string> = fc
  .array(variant, { minLength: 1, maxLength: 8 })
  .map((variants) =>
    [
      "#EXTM3U",
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="en.m3u8"',
      ...variants.flat(),
      "",
    ].join("\n"),
  );

type Mutation = (text: string) => string;
const mutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom("delete", "duplicate", "swap", "truncate", "replace", "insert"),
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.oneof(
      fc.constantFrom("\u0000", "\r", '"', ",", "=", "{$a}", "#EXT", "-", "@", "\u{1F600}"),
      fc.string(),
    ),
  )
  .map(
    ([kind, a, b, noise]): Mutation =>
      (text) => {
        const lines = text.split("\n");
        const [i, j] = [Math.floor(a * lines.length), Math.floor(b * lines.length)];
        const at = Math.floor(a * text.length);
        switch (kind) {
          case "delete":
            return lines.toSpliced(i, 1).join("\n");
          case "duplicate":
            return lines.toSpliced(j, 0, lines[i] ?? "").join("\n");
          case "swap":
            return lines
              .with(i, lines[j] ?? "")
              .with(j, lines[i] ?? "")
              .join("\n");
          case "truncate":
            return text.slice(0, at);
          case "replace":
            return `${text.slice(0, at)}${noise}${text.slice(at + 1)}`;
          default:
            return `${text.slice(0, at)}${noise}${text.slice(at)}`;
        }
      },
  );

/** Playlists with up to six defects: lines lost, repeated or exchanged, an early end, noise. */
export const brokenPlaylists: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(mediaPlaylists, multivariantPlaylists), fc.array(mutation, { minLength: 1, maxLength: 6 }))
  .map(([text, mutations]) => mutations.reduce((mutated, mutate) => mutate(mutated), text));

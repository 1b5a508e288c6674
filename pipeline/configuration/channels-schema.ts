import { formatError } from "../errors/errors.ts";
import { type DetectorName, detectorNames } from "../ports/label-detector.ts";
import { computeRekognitionUsd } from "../prices/detection-price.ts";
import * as z from "../schema/z.ts";
import { parseAllowedHost } from "./allowed-hosts.ts";
import { findUrlProblem } from "./endpoint-url.ts";
import { isOnAws, isSelected, localStage } from "./selected-stages.ts";

/** Each channel has a function of its own. */
export const maxChannels = 20;

/** Prefix of archived segments and frames in the output bucket. They expire by lifecycle. */
export const archivePrefix = "archive/";

/** A function's variables have at most 4096 bytes, and the watcher has others too. */
const maxSettingsBytes = 3000;

/** Percent. A recording holds what a detector found, so it needs no higher bar than the lowest of them. */
const defaultMinConfidence: Readonly<Record<DetectorName, number>> = {
  rekognition: 80,
  human: 40,
  recorded: 40,
};

const labelSchema = z
  .string()
  .check(
    z.maxLength(128),
    z.regex(/^\S(?:.*\S)?$/, "must be the name of a label, without white space at its ends"),
  );
const labelsSchema = z.array(labelSchema).check(z.maxLength(100));

/** Whether the IANA database has the time zone. */
const isTimeZone = (name: string): boolean => {
  // Intl also accepts offsets such as +01:00, and EventBridge Scheduler does not.
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const activeHoursSchema = z
  .strictObject({
    from: z.int().check(z.gte(0), z.lte(23)),
    to: z.int().check(z.gte(1), z.lte(24)),
    timeZone: z
      .string()
      .check(z.refine(isTimeZone, "must be a time zone of the IANA database, such as Europe/Berlin or UTC")),
  })
  .check(
    z.refine(
      ({ from, to }) => from !== to % 24,
      "from and to are the same hour; leave activeHours out to watch all day",
    ),
  );

const elementalDeltaSchema = z.strictObject({
  endpoint: z.string().check(z.maxLength(1024)),
  user: z.string().check(z.regex(/^[!-~]{1,128}$/, "must be 1–128 ASCII characters without spaces")),
  secret: z
    .string()
    .check(
      z.regex(
        /^[A-Za-z0-9][\w/+=.@-]{0,127}$/,
        "must be the name of a secret in AWS Secrets Manager: 1–128 letters, digits and /_+=.@-",
      ),
    ),
  contentId: z.string().check(z.regex(/^[\w-]{1,64}$/, "must be 1–64 letters, digits, _ and -")),
});

const baseSchema = z.strictObject({
  name: z
    .string()
    .check(
      z.regex(
        /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,31}$/,
        "must be 1–32 of a–z, 0–9 and single - between them, beginning with a letter",
      ),
    ),
  manifestUrl: z.string().check(z.maxLength(1024)),
  stages: z.optional(z.array(z.string()).check(z.minLength(1))),
  allowedHosts: z._default(z.array(z.string()).check(z.maxLength(10)), []),
  detector: z.optional(z.enum(detectorNames)),
  recordedDetections: z.optional(z.string().check(z.minLength(1))),
  clipLabels: z._default(labelsSchema, []),
  listLabels: z._default(
    z.union([z.literal("all"), labelsSchema], {
      error: 'must be "all" or a list of labels without white space at their ends',
    }),
    "all",
  ),
  minConfidence: z.optional(z.number().check(z.gte(0), z.lte(100))),
  sceneThreshold: z._default(z.number().check(z.gte(0), z.lte(1)), 0.2),
  maxGapSeconds: z._default(z.number().check(z.gte(0.1), z.lte(3600)), 5),
  absentFrames: z._default(z.int().check(z.gte(1), z.lte(100)), 2),
  celebrities: z._default(z.boolean(), false),
  paddingSeconds: z._default(z.number().check(z.gte(0), z.lte(300)), 0),
  retentionDays: z._default(z.int().check(z.gte(1), z.lte(3650)), 30),
  maxDetectionsPerHour: z._default(z.int().check(z.gte(1)), 1000),
  maxUsdPerDay: z._default(z.number().check(z.gt(0, { abort: true })), 10),
  cut: z._default(z.enum(["frame", "keyframe"]), "frame"),
  clipper: z._default(
    z.union([z.literal("worker"), z.strictObject({ elementalDelta: elementalDeltaSchema })], {
      error: ({ errors: [, problems = []] = [] }) =>
        `must be "worker" or { elementalDelta: { endpoint, user, secret, contentId } }: ${problems.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ")}`,
    }),
    "worker",
  ),
  intervalMinutes: z._default(z.int().check(z.gte(1), z.lte(60)), 1),
  activeHours: z.optional(activeHoursSchema),
  memoryMiB: z._default(z.int().check(z.gte(512), z.lte(10_240)), 2048),
});
/** A channel as configured, with defaults. The detector and its confidence depend on the stage: `selectChannels`. */
export type Channel = z.output<typeof baseSchema>;

/** A field of a channel and what is wrong with it. */
type Problem = readonly [path: readonly (string | number)[], message: string];

const findHostProblems = ({ allowedHosts }: Channel): readonly Problem[] =>
  allowedHosts.flatMap((host, index): readonly Problem[] => {
    try {
      parseAllowedHost(host);
      return [];
    } catch (cause) {
      return [[["allowedHosts", index], formatError(cause)]];
    }
  });

const findLabelProblems = ({ clipLabels, listLabels }: Channel): readonly Problem[] => {
  if (clipLabels.length === 0 && listLabels !== "all" && listLabels.length === 0)
    return [[["clipLabels"], "must not be empty if listLabels is empty: the channel would find nothing"]];
  const used = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [field, labels] of [
    ["clipLabels", clipLabels],
    ["listLabels", listLabels === "all" ? [] : listLabels],
  ] as const)
    for (const [index, label] of labels.entries()) {
      // Detectors differ in case.
      const name = label.toLowerCase();
      const other = used.get(name);
      if (other !== undefined)
        problems.push([
          [field, index],
          other === field
            ? `"${label}" is named twice`
            : `"${label}" is also in ${other}, whose labels are listed too`,
        ]);
      used.set(name, other ?? field);
    }
  return problems;
};

const findDetectorProblems = (channel: Channel): readonly Problem[] => {
  const { detector, recordedDetections, stages, celebrities, maxUsdPerDay } = channel;
  const problems: Problem[] = [];
  if ((detector === "human" || detector === "recorded") && isOnAws(stages))
    problems.push([
      ["detector"],
      `"${detector}" runs on one machine only; set stages: ["${localStage}"], or use rekognition on AWS`,
    ]);
  if (detector === "recorded" && recordedDetections === undefined)
    problems.push([["recordedDetections"], "is required with detector recorded: the path of a JSON file"]);
  if (detector !== "recorded" && recordedDetections !== undefined)
    problems.push([["recordedDetections"], "is only for detector recorded"]);
  if (celebrities && (detector === "human" || (detector === undefined && !isOnAws(stages))))
    problems.push([["celebrities"], "the detector human recognizes none; use rekognition or false"]);
  const usd = computeRekognitionUsd({ celebrities });
  const isPaid = detector === "rekognition" || (detector === undefined && isOnAws(stages));
  if (isPaid && maxUsdPerDay < usd)
    problems.push([["maxUsdPerDay"], `is less than the price of one detection, ${usd} dollars`]);
  return problems;
};

const findUrlProblems = ({ manifestUrl, stages, clipper }: Channel): readonly Problem[] =>
  [
    { path: ["manifestUrl"], url: manifestUrl },
    ...(clipper === "worker"
      ? []
      : [{ path: ["clipper", "elementalDelta", "endpoint"], url: clipper.elementalDelta.endpoint }]),
  ].flatMap(({ path, url }): readonly Problem[] => {
    const problem = findUrlProblem(url, stages);
    return problem === undefined ? [] : [[path, problem]];
  });

const findSizeProblems = (channel: Channel): readonly Problem[] => {
  const { length } = new TextEncoder().encode(JSON.stringify(channel));
  return length <= maxSettingsBytes
    ? []
    : [
        [
          ["name"],
          `its settings have ${length} bytes as JSON; the maximum is ${maxSettingsBytes}. Use fewer labels or hosts`,
        ],
      ];
};

const channelSchema = baseSchema.check(({ value, issues }) => {
  for (const findProblems of [
    findSizeProblems,
    findUrlProblems,
    findHostProblems,
    findLabelProblems,
    findDetectorProblems,
  ])
    for (const [path, message] of findProblems(value))
      issues.push({ code: "custom", path: [...path], message, input: value });
});

/** Live channels that are watched for labels. */
export const channelsSchema = z._default(z.array(channelSchema).check(z.maxLength(maxChannels)), []);

const settingsSchema = z.array(
  z.extend(baseSchema, { detector: z.enum(detectorNames), minConfidence: z.number() }),
);
/** A channel with the settings that depend on the stage. */
export type ChannelSettings = z.output<typeof settingsSchema>[number];

/** The channels of a stage as JSON for the watcher (`CHANNELS`). */
export const serializeChannels = (channels: readonly ChannelSettings[]): string => JSON.stringify(channels);

/**
 * Parses the JSON of `serializeChannels`.
 *
 * @throws SyntaxError if the text is not valid JSON, ZodError if it does not match the schema
 */
export const parseChannels = (json: string): readonly ChannelSettings[] =>
  settingsSchema.parse(JSON.parse(json));

/**
 * Selects the channels of a stage, with their detector and its confidence. Without `stages`, a channel belongs to every
 * stage on AWS, and not to the runtime on one machine.
 */
export const selectChannels = (channels: readonly Channel[], stage: string): readonly ChannelSettings[] =>
  channels
    .filter(({ stages }) => isSelected(stages, stage))
    .map((channel) => {
      const detector = channel.detector ?? (stage === localStage ? "human" : "rekognition");
      return {
        ...channel,
        detector,
        minConfidence: channel.minConfidence ?? defaultMinConfidence[detector],
      };
    });

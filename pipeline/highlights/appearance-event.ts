import type { Notification, Notifier } from "../ports/notifier.ts";
import type { ObjectReference } from "../ports/object-store.ts";
import * as z from "../schema/z.ts";
import type { Appearance } from "./appearance.ts";
import { formatTime } from "./format-time.ts";
import type { AppearanceListener } from "./watch-ports.ts";

/** The message about the start or the end of an appearance. Fields without a value are absent. */
export interface AppearanceEvent {
  /** Id of the appearance in its channel: the same for its start and its end. */
  readonly id: string;
  readonly channel: string;
  readonly label: string;
  /** `open`: the appearance has started. `closed`: it has ended. */
  readonly status: Appearance["status"];
  /** Time of the first frame with the label, ISO 8601. */
  readonly startedAt: string;
  /** Time of the first frame without the label, ISO 8601; present if the status is `closed`. */
  readonly endedAt?: string;
  readonly durationSeconds?: number;
  /** Highest confidence of its detections, percent. */
  readonly confidence: number;
  /** A frame with the label, JPEG. It expires with the archive. */
  readonly image?: ObjectReference;
}

const eventSchema = z
  .looseObject({
    id: z.string().check(z.minLength(1)),
    channel: z.string().check(z.minLength(1)),
    label: z.string(),
    status: z.enum(["open", "closed"]),
    startedAt: z.iso.datetime(),
    endedAt: z.optional(z.iso.datetime()),
    confidence: z.number(),
  })
  .check(z.refine(({ status, endedAt }) => (status === "closed") === (endedAt !== undefined)));

/** Parses the message about an appearance; undefined if it is not one. */
export const parseAppearanceEvent = (message: unknown): AppearanceEvent | undefined =>
  z.custom<AppearanceEvent>((value) => eventSchema.safeParse(value).success).safeParse(message).data;

/** Builds the message about an appearance. @param archiveBucket bucket of its image */
export const buildAppearanceEvent = (
  { id, channel, label, status, start, end, confidence, imageKey }: Appearance,
  archiveBucket: string,
): AppearanceEvent => ({
  id,
  channel,
  label,
  status,
  startedAt: formatTime(start.time),
  ...(status === "open" || end === undefined
    ? {}
    : {
        endedAt: formatTime(end.time),
        durationSeconds: Math.round((end.time - start.time) * 1000) / 1000,
      }),
  confidence,
  ...(imageKey === undefined ? {} : { image: { bucket: archiveBucket, key: imageKey } }),
});

/**
 * Lists what identifies an event, so that a repetition is recognized. An appearance that becomes longer, because it is
 * joined with the next one, ends again at another time, which is another event.
 */
export const listEventIdentity = ({
  channel,
  id,
  status,
  endedAt,
}: Pick<AppearanceEvent, "channel" | "id" | "status" | "endedAt">): readonly string[] => [
  "appearance",
  channel,
  id,
  ...(status === "open" ? ["started"] : ["ended", endedAt ?? ""]),
];

const buildNotification = (event: AppearanceEvent): Notification => ({
  id: listEventIdentity(event).join("/"),
  subject: `Reelway: ${event.label} on ${event.channel} ${event.status === "open" ? "started" : "ended"}`,
  message: JSON.stringify(event),
});

/** Options of `createAppearanceListener`. */
export interface AppearanceListenerOptions {
  readonly notifier: Notifier;
  /** Topic of finished jobs, which webhooks are subscribed to. */
  readonly topic: string;
  readonly archiveBucket: string;
}

/**
 * Creates the listener that publishes the start and the end of each appearance. A repetition has the same id. Its methods
 * reject if the topic does not accept the notification, so that the watcher repeats the call.
 */
export const createAppearanceListener = ({
  notifier,
  topic,
  archiveBucket,
}: AppearanceListenerOptions): AppearanceListener => {
  const publish = (appearance: Appearance): Promise<void> =>
    notifier.publish(topic, buildNotification(buildAppearanceEvent(appearance, archiveBucket)));
  return {
    // A start that is repeated after a crash may find the appearance with its end.
    onStarted: ({ end: _, ...appearance }) => publish({ ...appearance, status: "open" }),
    onEnded: publish,
  };
};

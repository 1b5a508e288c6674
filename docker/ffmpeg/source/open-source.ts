import { buffer, text } from "node:stream/consumers";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import {
  getSegmentListBytes,
  maxSegmentListBytes,
  parseSegmentList,
  type SegmentList,
  type SegmentListPart,
} from "../../../pipeline/highlights/segment-list.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import {
  type DecodeTime,
  findFirstSecond,
  hideBox,
  parseTimescales,
  rebaseDecodeTimes,
} from "../../../pipeline/packaging/rebase-fragments.ts";
import type { ObjectHead, ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { withStoreFailures } from "../failures/failure.ts";
import { scanFragments } from "./scan-fragments.ts";
import { buildReadReference } from "./source-head.ts";
import type { InputPart, ServedInput, SourceServer } from "./source-server.ts";

/** The media of an attempt, served to ffmpeg. */
export interface OpenSource extends ServedInput {
  /** Size of the media. */
  readonly bytes: number;
  /** What follows it with timestamps of its own. */
  readonly continuations: readonly ServedInput[];
}

interface SourcePorts {
  readonly objects: Pick<ObjectStore, "read">;
}

/** @throws JobFailure 4002 for a list that is not valid */
const readSegmentList = async (
  { objects }: SourcePorts,
  specification: AttemptSpecification,
  head: ObjectHead,
  signal: AbortSignal,
): Promise<SegmentList> => {
  const { source } = specification;
  if (head.bytes > maxSegmentListBytes)
    throw new JobFailure(
      4002,
      `The list of segments ${source.key} is larger than ${maxSegmentListBytes} bytes.`,
    );
  const list = parseSegmentList(
    await withStoreFailures("source", `Reading ${source.key}`, async () =>
      text(await objects.read(buildReadReference(specification, head), undefined, signal)),
    ),
  );
  if (list === undefined || getSegmentListBytes(list) !== source.bytes)
    throw new JobFailure(4002, `${source.key} is not the list of segments that its job was created for.`);
  return list;
};

/** Serves segments as one input. Fragments begin at time 0, whenever the channel began. */
const serveSegments = async (
  { objects }: SourcePorts,
  server: Pick<SourceServer, "serveJoined">,
  { bucket }: AttemptSpecification["source"],
  { initialization, segments }: SegmentListPart,
  signal: AbortSignal,
): Promise<ServedInput> => {
  const parts = segments.map(({ key, bytes }): InputPart => ({ reference: { bucket, key }, bytes }));
  const [first] = segments;
  if (initialization === undefined || first === undefined) return server.serveJoined(parts);
  const readObject = (key: string, range?: { readonly start: number; readonly end: number }) =>
    withStoreFailures("source", `Reading ${key}`, async () =>
      buffer(await objects.read({ bucket, key }, range, signal)),
    );
  const timescales = parseTimescales(await readObject(initialization.key));
  const scan = (segment: typeof first, read: Parameters<typeof scanFragments>[3]) =>
    scanFragments(segment.key, segment.bytes, timescales, read);
  const firstTimes = await scan(first, (start, end) => readObject(first.key, { start, end }));
  const firstSecond = findFirstSecond(firstTimes.decodeTimes);
  const assertInOrder = (key: string, decodeTimes: readonly DecodeTime[]): void => {
    if (decodeTimes.length > 0 && findFirstSecond(decodeTimes) < firstSecond)
      throw new JobFailure(4000, `The timestamps of ${key} are before those of ${first.key}.`);
  };
  return server.serveJoined([
    { reference: { bucket, key: initialization.key }, bytes: initialization.bytes },
    ...segments.map(
      (segment): InputPart => ({
        reference: { bucket, key: segment.key },
        bytes: segment.bytes,
        async findPatches(read) {
          const { decodeTimes, indexOffsets } = await scan(segment, read);
          assertInOrder(segment.key, decodeTimes);
          return [...rebaseDecodeTimes(decodeTimes, firstSecond), ...indexOffsets.map(hideBox)];
        },
      }),
    ),
  ]);
};

/**
 * Serves the source of an attempt to ffmpeg: one object, or the archived segments of each timeline of a list as one input.
 *
 * @throws JobFailure if a list or its first segment cannot be read
 */
export const openSource = async (
  ports: SourcePorts,
  server: Pick<SourceServer, "serve" | "serveJoined">,
  specification: AttemptSpecification,
  head: ObjectHead,
  signal: AbortSignal,
): Promise<OpenSource> => {
  const { source } = specification;
  if (source.segmentList === undefined)
    return {
      ...server.serve(buildReadReference(specification, head), head.bytes),
      bytes: head.bytes,
      continuations: [],
    };
  const { parts } = await readSegmentList(ports, specification, head, signal);
  const inputs: ServedInput[] = [];
  for (const part of parts) inputs.push(await serveSegments(ports, server, source, part, signal));
  const [first, ...continuations] = inputs;
  if (first === undefined) throw new JobFailure(4002, `The list of segments ${source.key} is empty.`);
  return {
    url: first.url,
    bytes: source.bytes,
    continuations,
    getBytesRead: () => inputs.reduce((sum, input) => sum + input.getBytesRead(), 0),
  };
};

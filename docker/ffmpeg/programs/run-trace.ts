/**
 * Makes ffmpeg log every packet that it reads and writes. `-progress` alone does not show whether ffmpeg works: it
 * covers only outputs, and some runs write nothing for minutes, e.g. a sprite or a palette (one image after an hour of
 * input), an image per hour, or a clip far after its keyframe. Nor do the bytes read: sockets buffer minutes of a
 * source with a low bit rate, and a sprite has a local input. The option exists in every version, takes about 1 % of
 * the CPU time of an encode, and does not change the graph.
 */
export const traceArguments: readonly string[] = ["-debug_ts"];

const tracePattern = /^\[info\] (?:demuxer|decoder|filter|encoder|muxer)(?:\+ffmpeg)? (?:->|<-) /;
/** Only packets: in a graph with an endless source, frames flow although nothing is read or written. */
const packetPattern = /^\[info\] (?:demuxer ->|muxer <-) /;

/** True if a line of ffmpeg's log belongs to the trace. */
export const isTraceLine = (line: string): boolean => tracePattern.test(line);

/** True if a line of the trace is about a packet that was read or written. */
export const isPacketLine = (line: string): boolean => packetPattern.test(line);

/**
 * Creates a function that checks for each line of `-progress` whether an output has grown, in frames, time or bytes.
 */
export const createGrowthDetector = (): ((line: string) => boolean) => {
  const values = new Map<string, string>();
  return (line) => {
    const [, name = "", value = ""] = /^(frame|out_time|total_size)=(.*)$/.exec(line) ?? [];
    if (name === "" || values.get(name) === value) return false;
    values.set(name, value);
    return true;
  };
};

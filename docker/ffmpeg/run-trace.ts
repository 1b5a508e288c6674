/**
 * Makes ffmpeg log every packet that it reads and writes. `-progress` alone does not show whether it works: it tells of
 * outputs, and a run may add nothing to them for minutes, e.g. a sprite or a palette (one image after an hour of
 * input), an image every hour, or a clip that begins far behind its keyframe. Nor do the bytes read: sockets hold
 * minutes of a source of low bit rate, and a sprite is made of a local file. This option is in every version, takes
 * about 1 % of the CPU time of an encode, and needs no other graph.
 */
export const traceArguments: readonly string[] = ["-debug_ts"];

const tracePattern = /^\[info\] (?:demuxer|decoder|filter|encoder|muxer)(?:\+ffmpeg)? (?:->|<-) /;
/** Packets alone: in a graph with an endless source, frames flow although nothing is read or made. */
const packetPattern = /^\[info\] (?:demuxer ->|muxer <-) /;

/** Whether a line of ffmpeg's log is of the trace, and none of the log as such. */
export const isTraceLine = (line: string): boolean => tracePattern.test(line);

/** Whether a line of the trace says that a packet was read or made. */
export const isPacketLine = (line: string): boolean => packetPattern.test(line);

/**
 * Tells of each line of `-progress` whether an output has grown since the line before of its name: in frames, in media
 * or in bytes.
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

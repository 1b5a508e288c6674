/** A jump of timestamps by more than this is a discontinuity, not a gap: ffmpeg's `-dts_delta_threshold`. */
const maxGapSeconds = 10;

interface TrackState {
  seconds: number;
  /** Decoding time of the last packet that has one. */
  lastTime?: number;
  /** Durations of the packets since `lastTime`, that one included. */
  secondsSinceTime: number;
}

/**
 * Measures the tracks of a source from its packets, as ffmpeg plays them: a jump of the clock, e.g. where a recorder
 * restarted, does not count.
 */
export class TrackTimeline {
  readonly #tracks = new Map<number, TrackState>();
  #partialLine = "";

  /** Adds output of ffprobe with the entries `stream_index`, `dts_time` and `duration_time` as CSV. */
  addText(text: string): void {
    const lines = (this.#partialLine + text).split("\n");
    this.#partialLine = lines.pop() ?? "";
    for (const line of lines) this.#addLine(line);
  }

  #addLine(line: string): void {
    const [, index, time, duration] = /^(\d+),([^,]*),([^,]*)/.exec(line) ?? [];
    if (index === undefined) return;
    const track = this.#tracks.get(Number(index)) ?? { seconds: 0, secondsSinceTime: 0 };
    const packetSeconds = Number(duration);
    const packetTime = Number(time);
    if (!Number.isNaN(packetTime)) {
      const interval = packetTime - (track.lastTime ?? Number.NaN);
      // The interval between two timestamps is more precise than the durations of the packets between them.
      if (interval >= 0 && interval <= maxGapSeconds) track.seconds += interval - track.secondsSinceTime;
      track.lastTime = packetTime;
      track.secondsSinceTime = 0;
    }
    if (packetSeconds > 0) {
      track.seconds += packetSeconds;
      track.secondsSinceTime += packetSeconds;
    }
    this.#tracks.set(Number(index), track);
  }

  /** Duration of a track in seconds; undefined if it has no packet. @param index of its stream */
  getSeconds(index: number): number | undefined {
    return this.#tracks.get(index)?.seconds;
  }
}

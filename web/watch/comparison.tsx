import { useState } from "preact/hooks";
import type { JobDetails } from "../api/follow-job.ts";
import type { Playback } from "../player/playback.ts";
import { Compare } from "./compare.tsx";
import { compareFacts } from "./facts.ts";

interface ComparisonProps {
  readonly job: JobDetails;
  readonly load: () => Promise<Playback>;
  /** Returns the time of the main player, in seconds, and pauses it. */
  readonly pause: () => number;
}

/** What the job changed: facts about the source and the main output, and both videos side by side. */
export const Comparison = ({ job, load, pause }: ComparisonProps) => {
  const [startSeconds, setStartSeconds] = useState<number>();
  const isOpen = startSeconds !== undefined;
  const facts = compareFacts(job);
  return (
    <section class="watch-panel watch-wide" aria-labelledby="watch-comparison">
      <div class="watch-panel-head">
        <h2 id="watch-comparison">Source and output</h2>
        <button
          type="button"
          class="button"
          aria-expanded={isOpen}
          onClick={() => setStartSeconds(isOpen ? undefined : pause())}
        >
          Compare side by side
        </button>
      </div>
      {isOpen && <Compare id={job.id} load={load} startSeconds={startSeconds} />}
      {facts.length > 0 && (
        <table class="watch-facts">
          <thead>
            <tr>
              <td />
              <th scope="col">Source</th>
              <th scope="col">Output</th>
            </tr>
          </thead>
          <tbody>
            {facts.map(({ name, source, output }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{source ?? "–"}</td>
                <td>{output ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};

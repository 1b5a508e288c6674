import type { components } from "../api/schema.ts";
import { formatBytes, formatDuration } from "../components/format.ts";

interface OutputsProps {
  readonly outputs: readonly components["schemas"]["VideoOutput"][];
}

/** The files that a job made, to download: the most useful ones first. */
export const Outputs = ({ outputs }: OutputsProps) => (
  <section class="watch-panel" aria-labelledby="watch-outputs">
    <h2 id="watch-outputs">Outputs</h2>
    <div class="watch-table">
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Size</th>
            <th scope="col">Resolution</th>
            <th scope="col">Duration</th>
            <th scope="col">
              <span class="visually-hidden">Download</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {outputs.map(({ key, url, bytes, width, height, durationSeconds }) => {
            const name = key.slice(key.lastIndexOf("/") + 1);
            return (
              <tr key={key}>
                <th scope="row" title={key}>
                  <bdi>{name}</bdi>
                </th>
                <td>{formatBytes(bytes)}</td>
                <td>{width !== null && height !== null ? `${width} × ${height}` : ""}</td>
                <td>{durationSeconds === null ? "" : formatDuration(durationSeconds)}</td>
                <td>
                  <a href={url} download={name}>
                    Download<span class="visually-hidden"> {name}</span>
                  </a>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  </section>
);

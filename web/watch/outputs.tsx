import { useCallback } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import { Failure } from "../components/failure.tsx";
import { formatBytes, formatDuration } from "../components/format.ts";
import { useRequest } from "../components/use-request.ts";

/** The files that a job made, to download: the most useful ones first. */
export const Outputs = ({ id }: { readonly id: string }) => {
  const { result, failure } = useRequest(
    useCallback(
      (signal) => getBody(api.GET("/videos/{id}/outputs", { params: { path: { id } }, signal })),
      [id],
    ),
  );
  return (
    <section class="watch-panel" aria-labelledby="watch-outputs">
      <h2 id="watch-outputs">Outputs</h2>
      {failure !== undefined && <Failure title="The outputs cannot be listed" message={failure.message} />}
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
            {result?.outputs.map(({ key, name, url, bytes, width, height, durationSeconds }) => (
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
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

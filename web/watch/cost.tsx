import { useCallback } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import type { JobDetails } from "../api/follow-job.ts";
import type { components } from "../api/schema.ts";
import { useRequest } from "../components/use-request.ts";
import { formatStep } from "./timeline.ts";

type JobCost = components["schemas"]["JobCost"];

const resourceNames: Readonly<Record<JobCost["resources"][number]["resource"], string>> = {
  vcpu: "vCPU",
  memoryGb: "memory, GB",
  storageGb: "storage beyond 20 GB, GB",
  publicIpv4: "public IPv4 address",
};

const formatUsd = (usd: number): string =>
  usd.toLocaleString("en", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: usd < 1 ? 4 : 2,
  });

/** What the job has cost so far, and what the cost is made of. */
export const Cost = ({ job: { id, status, attempt } }: { readonly job: JobDetails }) => {
  const { result: cost, failure } = useRequest(
    useCallback(
      (signal) => getBody(api.GET("/jobs/{id}/cost", { params: { path: { id } }, signal })),
      // It grows with each attempt, and until the job ends.
      [id, status, attempt],
    ),
  );
  return (
    <section class="watch-panel" aria-labelledby="watch-cost">
      <h2 id="watch-cost">Cost so far</h2>
      {failure !== undefined && <p class="muted">The cost cannot be shown. {failure.message}</p>}
      {cost !== undefined && (
        <>
          <p class="watch-cost">{formatUsd(cost.usd)}</p>
          {cost.reason !== null && <p class="muted">{cost.reason}</p>}
          {cost.resources.length > 0 && (
            <table>
              <thead>
                <tr>
                  <th scope="col">Resource</th>
                  <th scope="col">Quantity</th>
                  <th scope="col">Cost</th>
                </tr>
              </thead>
              <tbody>
                {cost.resources.map(({ resource, quantity, usd }) => (
                  <tr key={resource}>
                    <th scope="row">{resourceNames[resource]}</th>
                    <td>{quantity}</td>
                    <td>{formatUsd(usd)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {cost.attempts.length > 0 && (
            <p class="muted">
              {cost.attempts.length === 1 ? "1 attempt" : `${cost.attempts.length} attempts`}, billed for{" "}
              {formatStep(cost.attempts.reduce((sum, { billedSeconds }) => sum + billedSeconds, 0) * 1000)}.
            </p>
          )}
          {cost.priceList !== null && (
            <p class="muted">
              An estimate from the list prices of {cost.priceList.region}, {cost.priceList.year}, for the
              tasks alone: without storage, requests and transfer
              {cost.capacityProvider === "FARGATE_SPOT" ? ". Fargate Spot costs less." : "."}
            </p>
          )}
        </>
      )}
    </section>
  );
};

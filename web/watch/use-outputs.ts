import { useEffect, useState } from "preact/hooks";
import { api, getBody, RequestError } from "../api/client.ts";
import type { components } from "../api/schema.ts";

interface OutputState {
  readonly outputs?: readonly components["schemas"]["VideoOutput"][];
  readonly failure?: RequestError;
}

/** Loads the outputs of a complete video, with their URLs. */
export const useOutputs = (id: string): OutputState => {
  const [state, setState] = useState<OutputState>({});
  useEffect(() => {
    let isCurrent = true;
    getBody(api.GET("/videos/{id}/outputs", { params: { path: { id } } })).then(
      ({ outputs }) => isCurrent && setState({ outputs }),
      (cause: unknown) => {
        if (!(cause instanceof RequestError)) throw cause;
        if (isCurrent) setState({ failure: cause });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [id]);
  return state;
};

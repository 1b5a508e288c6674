import { signal } from "@preact/signals";
import { api, RequestError } from "./client.ts";

/** Who uses the page. `anyone`: the server authenticates nobody, as on one machine without `--auth`. */
type Session =
  | { readonly kind: "unknown" }
  | { readonly kind: "anyone" }
  | { readonly kind: "user"; readonly name: string; readonly isOperator: boolean };

/** The session of the page. */
export const session = signal<Session>({ kind: "unknown" });

/** Reads the session. A visitor without one is sent to the sign-in. */
export const loadSession = async (): Promise<void> => {
  try {
    const { data } = await api.GET("/session");
    if (data !== undefined) session.value = { kind: "user", name: data.name, isOperator: data.isOperator };
  } catch (cause) {
    // Without authentication, the path does not exist.
    if (cause instanceof RequestError && cause.problem?.status === 404) session.value = { kind: "anyone" };
  }
};

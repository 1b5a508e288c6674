import { signal } from "@preact/signals";
import { api, getBody, isNotFound } from "./client.ts";

/** Who uses the page. `anyone`: the server authenticates nobody, as on one machine without `--auth`. */
type Session =
  | { readonly kind: "unknown" }
  | { readonly kind: "anyone" }
  | { readonly kind: "user"; readonly name: string; readonly isOperator: boolean };

/** The session of the page. */
export const session = signal<Session>({ kind: "unknown" });

/** Reads who uses the page; a visitor without a session is sent to the sign-in. @throws RequestError */
const readSession = async (): Promise<Session> => {
  try {
    const { name, isOperator } = await getBody(api.GET("/session"));
    return { kind: "user", name, isOperator };
  } catch (cause) {
    // Without authentication, the path does not exist.
    if (isNotFound(cause)) return { kind: "anyone" };
    throw cause;
  }
};

/** Reads the session once. @throws RequestError */
export const loadSession = async (): Promise<void> => {
  session.value = await readSession();
};

/** Whether the same user as before is signed in, e.g. after a sign-in in another tab. @throws RequestError */
export const isSameUser = async (): Promise<boolean> => {
  const [before, now] = [session.value, await readSession()];
  return (
    before.kind === now.kind && (before.kind !== "user" || now.kind !== "user" || before.name === now.name)
  );
};

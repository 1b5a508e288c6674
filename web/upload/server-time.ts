let offsetMs = 0;

/** Reads the server's clock from a response: the times of jobs are compared with it. */
export const readServerTime = ({ headers }: Response): void => {
  const serverMs = Date.parse(headers.get("date") ?? "");
  if (Number.isFinite(serverMs)) offsetMs = serverMs - Date.now();
};

/** Time of the server, milliseconds since 1970; at most about a second late. */
export const getServerTime = (): number => Date.now() + offsetMs;

import { isOnAws, localStage, type SelectedStages } from "./selected-stages.ts";

const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Returns what is wrong with a URL that Reelway sends requests to; undefined if it is valid. AWS needs `https` and a host
 * name. Settings for one machine alone may have a URL on loopback, also with `http`.
 *
 * @param credentialsHint what to use instead of a user name and a password
 */
export const findUrlProblem = (
  text: string,
  stages: SelectedStages,
  credentialsHint?: string,
): string | undefined => {
  if (!URL.canParse(text)) return "is not a valid URL";
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (`${username}${password}` !== "")
    return `must not contain a user name or a password${credentialsHint === undefined ? "" : `; ${credentialsHint}`}`;
  if (hash !== "") return "must not contain a fragment (#…)";
  const isLoopback = loopbackHosts.includes(hostname);
  if (isLoopback && !isOnAws(stages))
    return ["http:", "https:"].includes(protocol) ? undefined : "must begin with http:// or https://";
  if (isLoopback)
    return `is on loopback, which only the runtime on one machine can reach; set stages: ["${localStage}"]`;
  if (protocol !== "https:") return "must begin with https://";
  // The URL parser turns every form of an IPv4 address into the dotted one.
  if (hostname.startsWith("[") || /^[\d.]+$/.test(hostname))
    return "must have a host name, such as media.example.com, instead of an IP address";
  return undefined;
};

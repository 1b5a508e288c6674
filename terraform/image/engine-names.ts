/** Supported container engines, in the order of the search. */
export const engineNames = ["docker", "podman", "buildah"] as const;
/** A supported container engine. */
export type Engine = (typeof engineNames)[number];

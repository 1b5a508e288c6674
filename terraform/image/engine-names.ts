/** Supported container engines, in the order of the search. */
export const engineNames = ["docker", "podman", "buildah"] as const;
/** A supported container engine. */
export type Engine = (typeof engineNames)[number];

/** Compressions of an image's layers. */
export const compressions = ["gzip", "zstd"] as const;
/** A compression of an image's layers. */
export type Compression = (typeof compressions)[number];

import { resolve } from "node:path";
import { createChannelFetcher } from "../../adapters/aws/channel-fetcher.ts";
import { findHumanFiles } from "../../adapters/local/human-packages.ts";
import { readRecordedDetections } from "../../adapters/local/recorded-detector.ts";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { createPlaylistReader } from "../../pipeline/highlights/read-playlist.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";

const timeoutMs = 10_000;

/** Checks what the detector of a channel needs on this machine. */
const checkDetector = async (
  { name: channel, detector, recordedDetections }: ChannelSettings,
  packageFolders: readonly string[] | undefined,
): Promise<CheckResult> => {
  const name = `channel ${channel} detector`;
  try {
    if (detector === "human") findHumanFiles(packageFolders);
    if (detector === "recorded") await readRecordedDetections(resolve(recordedDetections ?? ""));
    return ok(name, `the detector ${detector} can be used`);
  } catch (cause) {
    return {
      name,
      status: "failure",
      message: `its frames cannot be labeled: ${formatError(cause)}`,
      nextStep:
        detector === "human"
          ? "Run the command in the folder of your project, or choose another detector for the channel."
          : "Correct recordedDetections of the channel in reelway.config.ts.",
    };
  }
};

/** Reads the manifest of a channel and of its variant once. */
const checkManifest = async ({
  name: channel,
  manifestUrl,
  allowedHosts,
}: ChannelSettings): Promise<CheckResult> => {
  const name = `channel ${channel} manifest`;
  const fetcher = createChannelFetcher({ manifestUrl, allowedHosts, allowLoopback: true });
  try {
    const { playlist } = await createPlaylistReader(fetcher, manifestUrl).read(
      AbortSignal.timeout(timeoutMs),
    );
    return ok(name, `the manifest can be read: ${playlist.segments.length} segments`);
  } catch (cause) {
    return {
      name,
      status: "warning",
      message: `the manifest cannot be read: ${formatError(cause)}`,
      nextStep:
        "Start the encoder, or correct manifestUrl and allowedHosts of the channel in reelway.config.ts.",
    };
  } finally {
    fetcher.close();
  }
};

/**
 * Checks the channels of this machine: the detector and the manifest of each.
 *
 * @param packageFolders folders where the packages of the detector are looked up. @default as for the detector
 */
export const runChannelChecks = async (
  channels: readonly ChannelSettings[],
  packageFolders?: readonly string[],
): Promise<readonly CheckResult[]> =>
  (
    await Promise.all(
      channels.map((channel) =>
        Promise.all([checkDetector(channel, packageFolders), checkManifest(channel)]),
      ),
    )
  ).flat();

import { readPackageManifest } from "../../build/package-manifest.ts";
import type { CheckResult } from "../../pipeline/text/check-result.ts";
import { defaultPort, resolveDataFolder } from "../data-folder.ts";
import { findRunningAddress } from "../runtime-record.ts";
import { runChannelChecks } from "./channels.ts";
import { runCodecChecks } from "./codecs.ts";
import { runDataFilesCheck } from "./data-files.ts";
import { runDataFolderCheck, runRuntimeCheck } from "./data-folder.ts";
import { runDatabaseCheck } from "./database.ts";
import { runDiskCheck } from "./disk.ts";
import type { DoctorTarget } from "./doctor-target.ts";
import { runImageCheck } from "./image-decoder.ts";
import { runMachineCheck } from "./machine.ts";
import { gatherMediaFacts } from "./media-facts.ts";
import { checkMediaPrograms } from "./media-programs.ts";
import { checkNodeVersion } from "./node-version.ts";
import { checkPort, gatherPortFacts } from "./port.ts";

const runNodeCheck = async (): Promise<CheckResult> =>
  checkNodeVersion(process.versions.node, readPackageManifest().engines.node);

const runMediaChecks = async (searchPath: string | undefined): Promise<readonly CheckResult[]> => {
  const facts = await gatherMediaFacts(searchPath);
  const { path, version } = facts.ffmpeg;
  const programs = checkMediaPrograms(facts);
  return path === undefined || version === undefined
    ? programs
    : [...programs, ...(await runCodecChecks(path))];
};

/**
 * Checks this machine for the one-machine runtime, in the order of the report. Leaves no changes behind. To add a check,
 * write a new file and call it here.
 */
export const runChecks = async ({
  data,
  port: requestedPort,
  channels = [],
}: DoctorTarget): Promise<readonly CheckResult[]> => {
  const folder = resolveDataFolder(data);
  const port = requestedPort ?? (await findRunningAddress(folder.runtimeRecord))?.port ?? defaultPort;
  return [
    await runNodeCheck(),
    runMachineCheck(),
    ...(await runMediaChecks(process.env.PATH)),
    await runImageCheck(),
    await runDiskCheck(folder.root),
    await runDataFolderCheck(folder.root),
    await runRuntimeCheck(folder.runtimeRecord),
    ...(await runDataFilesCheck(folder)),
    await runDatabaseCheck(folder),
    checkPort(port, folder.root, await gatherPortFacts(port)),
    ...(await runChannelChecks(channels)),
  ];
};

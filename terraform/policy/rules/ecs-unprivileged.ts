import { type BlockBody, getBlocks, getString, getStrings, isTrue } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";

/**
 * Docker's default capabilities, which are Fargate's, without the four that a supervisor needs to run programs as
 * another user: CHOWN, KILL, SETGID and SETUID.
 */
const refusedCapabilities = [
  "AUDIT_WRITE",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETPCAP",
  "SYS_CHROOT",
];

const isRoot = (user: string | undefined): boolean => /^(|0+|root)(:|$)/.test(user ?? "");

/** Whether a container is root only to run programs that read media as another user. */
const isSupervisor = (container: BlockBody): boolean => {
  const dropped = getStrings(container, "linuxParameters", "capabilities", "drop");
  const mediaUser = getBlocks(container, "environment").find(({ name }) => name === "MEDIA_USER");
  return (
    refusedCapabilities.every((capability) => dropped.includes(capability)) &&
    getStrings(container, "linuxParameters", "capabilities", "add").length === 0 &&
    /^[1-9]\d*:[1-9]\d*$/.test(getString(mediaUser, "value") ?? "")
  );
};

/** Containers run unprivileged, and not as root except to run media programs as another user. */
export const unprivilegedContainers: Rule = {
  id: "CKV_AWS_334",
  description:
    "Containers run unprivileged, and not as root except without most capabilities and with a MEDIA_USER for the programs that read media.",
  rationale:
    "Hostile media that exploits ffmpeg would otherwise get the host's devices, root permissions, or the task's credentials. Only a worker that is root can start ffmpeg as another user than its own, which holds the credentials.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    checkContainers(block, (container) =>
      failUnless(
        !isTrue(container, "privileged") &&
          (!isRoot(getString(container, "user")) || isSupervisor(container)),
        `runs container ${getString(container, "name")} privileged or as root`,
        `Set privileged to false, and user to a number other than 0. A worker that starts programs as another user is root, has that user in MEDIA_USER, adds no capability, and drops ${refusedCapabilities.join(", ")}.`,
      ),
    ),
};

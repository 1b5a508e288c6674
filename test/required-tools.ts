import { execFileSync } from "node:child_process";

/** Programs of the full tests, how they are detected, and their packages. */
const tools: readonly (readonly [program: string, argument: string, comesWith: string])[] = [
  ["terraform", "version", "Terraform 1.11"],
  ["moto_server", "--help", "pip install 'moto[server]'"],
  ["ffmpeg", "-version", "Debian's package ffmpeg"],
  ["ffprobe", "-version", "Debian's package ffmpeg"],
  ["chromium", "--version", "Debian's package chromium"],
  ["debootstrap", "--version", "Debian's package debootstrap"],
  ["buildah", "--version", "Debian's package buildah"],
  ["podman", "--version", "Debian's package podman"],
  ["runc", "--version", "Debian's package runc"],
  ["docker-registry", "--version", "Debian's package docker-registry"],
];

const works = (program: string, argument: string): boolean => {
  try {
    execFileSync(program, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

// A full test without its tool must fail, not be skipped.
const missing = tools.filter(([program, argument]) => !works(program, argument));
for (const [program, , comesWith] of missing)
  console.error(`npm run test:full needs ${program}, which is not there or does not run (${comesWith}).`);
process.exitCode = missing.length === 0 ? 0 : 1;

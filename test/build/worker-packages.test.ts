import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { packageDirectory } from "../../build/package-directory.ts";
import { buildWorkerPackages } from "../../build/worker-packages.ts";

describe("the packages of the worker's image", () => {
  const readPackages = async () => {
    const files = await buildWorkerPackages();
    const parse = (name: string) => JSON.parse((files[name] ?? "").toString());
    return { manifest: parse("package.json"), lock: parse("package-lock.json") };
  };

  it("are sharp, its dependencies, and its native packages for both platforms of the image", async () => {
    const { manifest, lock } = await readPackages();

    expect(Object.keys(manifest.dependencies)).to.deep.equal(["sharp"]);
    expect(lock.packages[""]).to.deep.equal(manifest);
    expect(Object.keys(lock.packages)).to.include.members([
      "node_modules/sharp",
      "node_modules/detect-libc",
      "node_modules/@img/colour",
      ...["x64", "arm64"].flatMap((cpu) => [
        `node_modules/@img/sharp-linux-${cpu}`,
        `node_modules/@img/sharp-libvips-linux-${cpu}`,
      ]),
    ]);
    expect(Object.keys(lock.packages)).to.not.include("node_modules/zod");
  });

  it("have the versions and integrity hashes of package-lock.json", async () => {
    const all = JSON.parse(await readFile(join(packageDirectory, "package-lock.json"), "utf8")).packages;
    const { manifest, lock } = await readPackages();

    expect(manifest.dependencies.sharp).to.equal(all["node_modules/sharp"].version);
    for (const [path, { version, integrity }] of Object.entries<{ version: string; integrity: string }>(
      lock.packages,
    ))
      if (path !== "")
        expect({ version, integrity }).to.deep.include({
          version: all[path].version,
          integrity: all[path].integrity,
        });
  });
});

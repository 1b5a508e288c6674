import { expect } from "chai";
import { renderChecks } from "../../../cli/render/checks.ts";
import { type CheckResult, ok } from "../../../pipeline/text/check-result.ts";
import { checkCodecs, checkHdrFilters } from "../../../runtime/doctor/codecs.ts";
import { toDataFileResults } from "../../../runtime/doctor/data-files.ts";
import { checkDisk } from "../../../runtime/doctor/disk.ts";
import { getFfmpegInstallHint } from "../../../runtime/doctor/ffmpeg-install-hint.ts";
import { checkMachine } from "../../../runtime/doctor/machine.ts";
import { checkMediaPrograms, isOldRelease } from "../../../runtime/doctor/media-programs.ts";
import { checkNodeVersion, isInRange } from "../../../runtime/doctor/node-version.ts";
import { checkPort } from "../../../runtime/doctor/port.ts";
import { parseListeningInodes } from "../../../runtime/doctor/port-owner.ts";

const formatResult = ({ status, message, nextStep }: CheckResult) => `${status}: ${message} → ${nextStep}`;

describe("the checks of reelway doctor", () => {
  it("compare Node.js with the package's engines", () => {
    const range = "^20.19.0 || >=22.12.0";
    for (const version of ["20.19.0", "20.20.2", "22.12.0", "22.12.1", "23.0.0", "25.1.0"])
      expect(isInRange(version, range), version).to.equal(true);
    for (const version of ["18.20.0", "20.18.9", "21.9.0", "22.11.9"])
      expect(isInRange(version, range), version).to.equal(false);
    expect(formatResult(checkNodeVersion("18.0.0", range))).to.match(
      /^failure: Node.js 18.0.0 is not supported/,
    );
  });

  it("recognize ffmpeg releases before 5.1 and builds without a release", () => {
    for (const version of ["4.4.2-0ubuntu0.22.04.1", "5.0.3", "n4.1", "2.8"])
      expect(isOldRelease(version), version).to.equal(true);
    for (const version of ["5.1", "5.1.9-0+deb12u1", "n7.1-5-gabc", "10.0"])
      expect(isOldRelease(version), version).to.equal(false);
    for (const version of ["N-47683-g0e8eb07980-static", "git-2020-01-01", ""])
      expect(isOldRelease(version), version).to.equal(undefined);
  });

  it("warn about the packaged, an old and an unknown build, and fail for a missing or broken program", () => {
    const program = (name: string, version: string) => ({ path: `/bin/${name}`, version });
    const check = (version: string, change: object = {}) =>
      checkMediaPrograms({
        ffmpeg: program("ffmpeg", version),
        ffprobe: program("ffprobe", version),
        isPackaged: false,
        platform: "linux",
        ...change,
      }).map(formatResult);
    expect(check("7.1")).to.deep.equal(["ok: 7.1, /bin/ffmpeg → null", "ok: 7.1, /bin/ffprobe → null"]);
    expect(check("4.4")[0]).to.match(/^warning: .*older than 5\.1.*apt-get install ffmpeg/);
    expect(check("N-1-g2")[0]).to.match(/^warning: .*without a release number/);
    expect(check("N-1-g2", { isPackaged: true, onlyOnPath: "ffmpeg" })[0])
      .to.match(/^warning: .*packaged build of 2018.*untrusted files/)
      .and.to.include("only ffmpeg is on PATH");
    expect(check("7.1", { ffprobe: {} })[1]).to.match(/^failure: ffprobe was not found on PATH/);
    expect(check("7.1", { ffprobe: { path: "/bin/ffprobe", failure: "EACCES" } })[1]).to.match(
      /^failure: \/bin\/ffprobe does not run: EACCES/,
    );
  });

  it("describe the installation of ffmpeg per platform, without piping a script to a shell", () => {
    const texts = ["linux", "darwin", "win32"].map(getFfmpegInstallHint);
    expect(texts[0]).to.include("apt-get").and.to.include("dnf").and.to.include("BtbN");
    expect(texts[1]).to.include("brew");
    expect(texts[2]).to.include("winget");
    expect(texts.join()).not.to.match(/curl|wget|\|/);
  });

  it("fail for a build without what recipes need, and warn without what presets need", () => {
    const every = { has: () => true } as unknown as ReadonlySet<string>;
    const omitPrograms = (...names: string[]) =>
      ({ has: (name: string) => !names.includes(name) }) as unknown as ReadonlySet<string>;
    const full = { encoders: every, muxers: every, filters: every, demuxers: every };
    expect(checkCodecs(full, "linux").status).to.equal("ok");
    expect(
      formatResult(checkCodecs({ ...full, encoders: omitPrograms("libx264", "aac") }, "linux")),
    ).to.match(/^failure: .*encoders aac, libx264 →/);
    expect(formatResult(checkCodecs({ ...full, demuxers: omitPrograms("matroska") }, "linux"))).to.match(
      /^failure: .*demuxers matroska →/,
    );
    expect(
      formatResult(
        checkCodecs({ ...full, encoders: omitPrograms("libvpx"), muxers: omitPrograms("ogg") }, "linux"),
      ),
    ).to.match(/^warning: .*encoders libvpx; muxers ogg; .*4006 or 9000/);
  });

  it("warn for a build without the filters that HDR needs", () => {
    const check = (...filters: string[]) =>
      formatResult(checkHdrFilters({ filters: new Set(filters) }, "linux"));
    expect(check("zscale", "tonemap")).to.match(/^ok: /);
    expect(check("tonemap")).to.match(/^warning: .*lacks filters zscale; .*9000 → .*zimg/);
    expect(check()).to.match(/^warning: .*lacks filters zscale, tonemap; /);
  });

  it("rate disk and memory by what jobs need", () => {
    expect([0.5e9, 5e9, 50e9].map((bytes) => checkDisk("/d", bytes).status)).to.deep.equal([
      "failure",
      "warning",
      "ok",
    ]);
    expect(formatResult(checkMachine(8, 4e9))).to.match(
      /^warning: 8 cores, 4.0 GB of memory: 8 jobs at once/,
    );
    expect(formatResult(checkMachine(1, 4e9))).to.equal("ok: 1 core, 4.0 GB of memory: 1 job at once → null");
  });

  it("name the process on the port, and accept this data folder's own runtime", () => {
    const check = (...args: [Parameters<typeof checkPort>[2], number?]) =>
      formatResult(checkPort(args[1] ?? 4600, "/d", args[0]));
    expect(check({ kind: "free" })).to.equal("ok: 127.0.0.1:4600 is free → null");
    expect(check({ kind: "runtime", root: "/d", pid: 7 })).to.match(/^ok: .*process 7/);
    expect(check({ kind: "runtime", root: "/e", pid: 7 })).to.match(
      /^failure: .*runtime of \/e.*--port 4601/,
    );
    expect(check({ kind: "other", owner: "nginx (process 3)" }, 65_535)).to.match(
      /^failure: .*nginx \(process 3\).*--port 65534/,
    );
    expect(check({ kind: "other" })).to.include("another program");
    expect(check({ kind: "denied" }, 80)).to.match(/^failure: .*no permission to use/);
  });

  it("find the socket that listens on a port", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:11F8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0",
      "   1: 0100007F:11F8 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 777 1 0",
      "   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 888 1 0",
    ].join("\n");
    expect(parseListeningInodes(table, 4600)).to.deep.equal(["12345"]);
    expect(parseListeningInodes(table, 80)).to.deep.equal(["888"]);
    expect(parseListeningInodes("", 80)).to.deep.equal([]);
  });

  it("list each broken file, and fail for those that prevent a start", () => {
    const problem = { path: "/d/x.json", reason: "is empty", consequence: "Remove it." } as const;
    expect(toDataFileResults([]).map(formatResult)).to.deep.equal(["ok: no broken files → null"]);
    expect(
      toDataFileResults([
        { ...problem, severity: "error" },
        { ...problem, severity: "warning" },
      ]).map(formatResult),
    ).to.deep.equal(["failure: /d/x.json is empty → Remove it.", "warning: /d/x.json is empty → Remove it."]);
  });

  it("print one line each with the fix below, colored on a terminal only", () => {
    const results: readonly CheckResult[] = [
      ok("node", "Node.js 22"),
      { name: "disk", status: "failure", message: "full\u001b[31m", nextStep: "Free some space." },
    ];
    const plain = renderChecks(results, false);
    expect(plain.split("\n")).to.deep.equal([
      "✔ node  Node.js 22",
      "✖ disk  full\uFFFD[31m",
      "        → Free some space.",
      "",
      "1 failure, 0 warnings.",
      "",
    ]);
    expect(renderChecks(results, true)).to.include("\u001b[31m✖");
    expect(renderChecks([ok("node", "x")], false)).to.include("All checks passed.");
  });
});

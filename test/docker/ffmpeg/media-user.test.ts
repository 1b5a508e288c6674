import { expect } from "chai";
import {
  getMediaUser,
  parseMediaUser,
  runAsMediaUser,
  useMediaUser,
} from "../../../docker/ffmpeg/programs/media-user.ts";
import { taskDefinitionEnvironment } from "../../../pipeline/environment/worker.ts";

describe("the media user", () => {
  const command = { program: "/bin/sh", arguments: ["-c", "exec ffmpeg"] };
  const variable = taskDefinitionEnvironment.shape.MEDIA_USER;

  it("is a user and a group by number, and neither is root", () => {
    expect(parseMediaUser(variable.parse("10002:10003") ?? "")).to.deep.equal({ uid: 10_002, gid: 10_003 });
    for (const text of ["0:10002", "10002:0", "10002", "media:media", "-1:1", "010:1", ""])
      expect(variable.safeParse(text).success, text).to.equal(false);
  });

  it("changes nothing if it is not set", () => {
    expect(getMediaUser()).to.equal(undefined);
    expect(runAsMediaUser(command, undefined)).to.deep.equal(command);
  });

  it("gets the whole command without other groups, capabilities or new privileges", () => {
    expect(runAsMediaUser(command, { uid: 10_002, gid: 10_003 })).to.deep.equal({
      program: "/usr/bin/setpriv",
      arguments: [
        ..."--reuid 10002 --regid 10003 --clear-groups --inh-caps -all --no-new-privs --".split(" "),
        "/bin/sh",
        "-c",
        "exec ffmpeg",
      ],
    });
  });

  it("is refused to a worker that is not root, with both ways out", () => {
    const getuid = process.getuid;
    process.getuid = () => 10_001;
    try {
      expect(() => useMediaUser({ uid: 10_002, gid: 10_002 })).to.throw(
        /the worker's user is 10001, and only root \(0\) can .* Start the worker as root .*, or remove MEDIA_USER/,
      );
      expect(getMediaUser()).to.equal(undefined);
    } finally {
      process.getuid = getuid;
    }
  });
});

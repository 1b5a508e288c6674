import { register } from "node:module";

register("./strip-types.mjs", import.meta.url);

// Programs that tests start run compiled code: their counts would blur those of the source.
delete process.env.NODE_V8_COVERAGE;

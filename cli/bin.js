#!/usr/bin/env node
// The SDK warns of Node 20 on stderr, where the progress bars are.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const { register } = await import("tsx/esm/api");
register();
await import("./reelway.ts");

#!/usr/bin/env node
// The SDK's warning about Node 20 would disturb the progress bars on stderr.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const { register } = await import("tsx/esm/api");
register();
await import("./reelway.ts");

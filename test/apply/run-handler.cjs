// Stands in for Lambda's runtime: calls the handler of the working folder's `index.js` once, with the event that comes
// on standard input, and answers on file descriptor 3, since functions write their log to the other two.
const { readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");

const { handler } = require(join(process.cwd(), "index.js"));
const context = { awsRequestId: "request-1", functionName: process.env.AWS_LAMBDA_FUNCTION_NAME };
handler(JSON.parse(readFileSync(0, "utf8")), context).then((answer) => writeSync(3, JSON.stringify(answer)));

/** What Lambda passes to a handler besides the event. */
export const invocationContext = {
  awsRequestId: "request-1",
  functionName: "reelway-dev-function",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:reelway-dev-function",
  memoryLimitInMB: "256",
};

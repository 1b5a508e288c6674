/** The emulator's account. */
export const account = "123456789012";

/** Replaces Terraform's references: the account's number, the queues of the stack, and any value for what AWS generates. */
export const resolveReferences = (
  text: string,
  queues: Readonly<Record<string, Record<string, unknown>>> = {},
): string =>
  text
    .replaceAll(
      /\$\{aws_sqs_queue\.([\w-]+)\.arn\}/g,
      (_, id) => `arn:aws:sqs:us-east-1:${account}:${queues[id]?.name ?? "generated"}`,
    )
    .replaceAll(`\${data.aws_caller_identity.account.account_id}`, account)
    .replaceAll(/\$\{[^}]*\}/g, `arn:aws:sqs:us-east-1:${account}:generated`);

/** What a resource of a plan is made from; what is left out is as of a resource that stays as it is. */
export interface ResourceGiven {
  readonly address?: string;
  readonly type?: string;
  readonly actions?: readonly string[];
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly unknown?: unknown;
  readonly sensitive?: unknown;
  readonly reason?: string;
  readonly replacePaths?: readonly (readonly (string | number)[])[];
  readonly from?: string;
  readonly importId?: string;
  readonly deposed?: string;
}

/** A resource as a plan's `resource_changes` and `resource_drift` have it. */
export const resourceChange = (given: ResourceGiven) => {
  const { address = `${given.type ?? "aws_sqs_queue"}.one`, before = null, after = null } = given;
  const marks: unknown = given.sensitive ?? {};
  const [type = "", name = ""] = address.replace(/^module\.\w+\./, "").split(/[.[]/);
  return {
    address,
    mode: "managed",
    type: given.type ?? type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    ...(given.from === undefined ? {} : { previous_address: given.from }),
    ...(given.deposed === undefined ? {} : { deposed: given.deposed }),
    ...(given.reason === undefined ? {} : { action_reason: given.reason }),
    change: {
      actions: given.actions ?? ["no-op"],
      before,
      after,
      after_unknown: given.unknown ?? {},
      before_sensitive: marks,
      after_sensitive: marks,
      ...(given.replacePaths === undefined ? {} : { replace_paths: given.replacePaths }),
      ...(given.importId === undefined ? {} : { importing: { id: given.importId } }),
    },
  };
};

/** A resource in a plan's configuration: each attribute as Terraform tells of it for one in JSON. */
export const configuredResource = (address: string, attributes: Readonly<Record<string, unknown>>) => ({
  address,
  expressions: Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const references =
        typeof value === "string"
          ? [...value.matchAll(/\$\{([^}]+)\}/g)].flatMap(([, found = ""]) => [
              found,
              found.split(".").slice(0, -1).join("."),
            ])
          : [];
      return [name, { constant_value: value, ...(references.length === 0 ? {} : { references }) }];
    }),
  ),
});

/** A whole plan as `terraform show -json` writes it. */
export const planDocument = (
  changes: readonly ReturnType<typeof resourceChange>[],
  more: {
    readonly drift?: readonly ReturnType<typeof resourceChange>[];
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly configured?: readonly ReturnType<typeof configuredResource>[];
    readonly errored?: boolean;
    readonly complete?: boolean;
  } = {},
) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  planned_values: { root_module: {} },
  resource_changes: changes,
  ...(more.drift === undefined ? {} : { resource_drift: more.drift }),
  ...(more.outputs === undefined ? {} : { output_changes: more.outputs }),
  configuration: { root_module: { resources: more.configured ?? [] } },
  complete: more.complete ?? true,
  errored: more.errored ?? false,
});

/** A policy document of the statements given. */
export const policy = (...statements: readonly Readonly<Record<string, unknown>>[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });

/** A reference as configurations write it. */
export const reference = (name: string): string => `\${${name}}`;

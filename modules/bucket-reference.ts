import { Construct } from "constructs";
import { formatBucketArn } from "./arns.ts";
import type { ServiceRole } from "./role.ts";

/** Properties of `BucketReference`. */
export interface BucketReferenceProps {
  /** Name of the bucket, which may belong to any stack or account. */
  readonly name: string;
}

/** A bucket of this or another stack, referenced by name. Creates no resource. */
export class BucketReference extends Construct {
  #arn: string;

  constructor(scope: Construct, id: string, { name }: BucketReferenceProps) {
    super(scope, id);
    this.#arn = formatBucketArn(name);
  }

  /**
   * Grants reading all versions of objects. Without s3:ListBucket, S3 responds 403 instead of 404 for a missing object.
   *
   * @param prefixes key prefixes @default all keys
   */
  grantRead(role: ServiceRole, prefixes: readonly string[] = [""]): void {
    role.addPermission({
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      resources: prefixes.map((prefix) => `${this.#arn}/${prefix}*`),
    });
    this.#grantList(role);
  }

  /** Grants writing and deleting objects; noncurrent versions stay. */
  grantWrite(role: ServiceRole): void {
    this.#grantList(role);
    role.addPermission({
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      resources: [`${this.#arn}/*`],
    });
  }

  /** Grants reading and writing the objects below a prefix, without deleting them. */
  grantReadWritePrefix(role: ServiceRole, prefix: string): void {
    this.#grantList(role);
    role.addPermission({
      actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [`${this.#arn}/${prefix}*`],
    });
  }

  /** Grants uploads, also in parts, and reading objects to check whether an upload is complete. */
  grantUpload(role: ServiceRole): void {
    this.#grantList(role);
    role.addPermission({
      actions: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:GetObject"],
      resources: [`${this.#arn}/*`],
    });
  }

  /** Grants finding all versions of objects, with their metadata, and deleting them permanently. */
  grantDeleteVersions(role: ServiceRole): void {
    this.grantListVersions(role);
    role.addPermission({
      actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion"],
      resources: [`${this.#arn}/*`],
    });
  }

  /** Grants listing all versions of the keys. */
  grantListVersions(role: ServiceRole): void {
    role.addPermission({ actions: ["s3:ListBucketVersions"], resources: [this.#arn] });
  }

  #grantList(role: ServiceRole): void {
    role.addPermission({ actions: ["s3:ListBucket"], resources: [this.#arn] });
  }
}

import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import database, { type Store } from "dynalite/db/index.js";
import validations from "dynalite/validations/index.js";
import * as z from "zod";
import { DatabaseFailure, toDatabaseFailure } from "./database-error.ts";
import { closeIterators } from "./dynalite-iterators.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Response to an operation: HTTP status and JSON body. */
export interface OperationResponse {
  readonly statusCode: number;
  readonly body: unknown;
}
/** DynamoDB's operations on a LevelDB folder or in memory. */
export interface DynaliteStore {
  /**
   * Runs an operation.
   *
   * @param operation e.g. `PutItem`
   * @throws an error of LevelDB if the database fails; errors of DynamoDB are responses
   */
  execute(operation: string, input: unknown): Promise<OperationResponse>;
  /** Waits for the operations in progress, then closes the files and releases their lock. */
  close(): Promise<void>;
}

type Action = (store: Store, input: unknown, callback: (error: unknown, output?: unknown) => void) => void;
interface Operation {
  readonly action: Action;
  readonly validation: { readonly types: unknown; readonly custom?: unknown };
}

const requireFrom = createRequire(import.meta.url);
const operations = new Map<string, Operation>();

/**
 * Loads Dynalite's implementation of an operation. Its HTTP server is not used, because it throws database errors, such
 * as a full disk, in a callback, where they cannot be caught.
 */
const loadOperation = (name: string): Operation | undefined => {
  if (!/^[A-Z][A-Za-z]+$/.test(name)) return undefined;
  const cachedOperation = operations.get(name);
  if (cachedOperation !== undefined) return cachedOperation;
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
  try {
    const operation: Operation = {
      action: requireFrom(`dynalite/actions/${file}`),
      validation: requireFrom(`dynalite/validations/${file}`),
    };
    operations.set(name, operation);
    return operation;
  } catch (cause) {
    if (getSystemErrorCode(cause) === "MODULE_NOT_FOUND") return undefined;
    throw cause;
  }
};

const errorResponse = z.object({ statusCode: z.number(), body: z.unknown() });

/** Converts an error of DynamoDB to a response. @throws any other error */
const toErrorResponse = (cause: unknown): OperationResponse => {
  const parsed = errorResponse.safeParse(cause);
  if (!parsed.success) throw cause;
  return { statusCode: parsed.data.statusCode, body: parsed.data.body };
};

const listFiles = (directory: string): Promise<readonly string[]> =>
  readdir(directory).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") return [];
    throw cause;
  });

const isDataFile = (name: string): boolean => /^MANIFEST-|\.(ldb|log)$/.test(name);

/** True if the creation of a database was interrupted: LevelDB writes this file first, before CURRENT and any record. */
const isCreationInterrupted = (names: readonly string[]): boolean =>
  !names.includes("CURRENT") && names.filter(isDataFile).join() === "MANIFEST-000001";

/** True if a folder has a database with records, even a damaged one. */
export const isDatabaseCreated = async (directory: string): Promise<boolean> => {
  const names = await listFiles(directory);
  return (names.includes("CURRENT") || names.some(isDataFile)) && !isCreationInterrupted(names);
};

/**
 * True if a database has lost its file CURRENT, which references the others. LevelDB would create an empty database and
 * delete the existing files. A database whose creation was interrupted is created again.
 */
export const isCurrentFileMissing = async (directory: string): Promise<boolean> => {
  const names = await listFiles(directory);
  return (
    !names.includes("CURRENT") &&
    names.some((name) => /^MANIFEST-|\.ldb$/.test(name)) &&
    !isCreationInterrupted(names)
  );
};

/**
 * Opens the store. LevelDB locks the folder with `fcntl`, which works across process id namespaces and is released when
 * the process exits.
 *
 * @param directory absent: in memory
 * @throws DatabaseFailure `locked`, `damaged` or `unavailable`
 */
export const openDynaliteStore = async (directory: string | undefined): Promise<DynaliteStore> => {
  if (directory !== undefined && (await isCurrentFileMissing(directory)))
    throw new DatabaseFailure(
      "damaged",
      `The database ${directory} is damaged: its file CURRENT is missing.`,
    );
  const store = closeIterators(
    database.create({ path: directory, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 }),
  );
  try {
    await store.db.open();
  } catch (cause) {
    throw directory === undefined ? cause : toDatabaseFailure(directory, cause);
  }
  return {
    execute(name, input) {
      const operation = loadOperation(name);
      if (operation === undefined)
        return Promise.resolve({
          statusCode: 400,
          body: { __type: "com.amazon.coral.service#UnknownOperationException" },
        });
      const { action, validation } = operation;
      return new Promise<OperationResponse>((resolve, reject) => {
        const validatedInput = validations.checkTypes(input, validation.types);
        validations.checkValidations(validatedInput, validation.types, validation.custom, store);
        action(store, validatedInput, (cause, output) => {
          if (cause === undefined || cause === null) resolve({ statusCode: 200, body: output });
          else reject(cause);
        });
      }).catch(toErrorResponse);
    },
    close: () => store.db.close(),
  };
};

/** True if a process has the database of a folder open. Does not create a database. */
export const isDatabaseLocked = async (directory: string): Promise<boolean> => {
  if (!(await listFiles(directory)).includes("CURRENT")) return false;
  try {
    await (await openDynaliteStore(directory)).close();
    return false;
  } catch (cause) {
    return cause instanceof DatabaseFailure && cause.kind === "locked";
  }
};

import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import database, { type Store } from "dynalite/db/index.js";
import validations from "dynalite/validations/index.js";
import * as z from "zod";
import { DatabaseFailure, toDatabaseFailure } from "./database-error.ts";
import { closeIterators } from "./dynalite-iterators.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** The answer to one operation: HTTP status and JSON body. */
export interface OperationResponse {
  readonly statusCode: number;
  readonly body: unknown;
}
/** DynamoDB's operations over one LevelDB folder, or over memory. */
export interface DynaliteStore {
  /**
   * Runs an operation.
   *
   * @param operation e.g. `PutItem`
   * @throws the error of LevelDB where the database fails; what DynamoDB would refuse is an answer
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
 * Dynalite's implementation of an operation. Its own HTTP server is not used: it throws database errors, such as a
 * full disk, out of a callback, where no caller can catch them.
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

/** What DynamoDB refuses, as its answer. @throws what is no refusal */
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

/**
 * Whether a database has lost the file that names its others. LevelDB would make a new, empty database, and delete
 * the files that it finds.
 */
export const isCurrentFileMissing = async (directory: string): Promise<boolean> => {
  const names = await listFiles(directory);
  return !names.includes("CURRENT") && names.some((name) => /^MANIFEST-|\.ldb$/.test(name));
};

/**
 * Opens the store. LevelDB locks the folder with `fcntl`, which holds across process id namespaces and ends with
 * the process.
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

/** Whether a folder holds a database, or what is left of one. */
export const hasDatabase = async (directory: string): Promise<boolean> =>
  (await listFiles(directory)).some((name) => /^CURRENT$|^MANIFEST-|\.(ldb|log)$/.test(name));

/** True while a process has the database of a folder open. Nothing is made where there is no database. */
export const isDatabaseLocked = async (directory: string): Promise<boolean> => {
  if (!(await listFiles(directory)).includes("CURRENT")) return false;
  try {
    await (await openDynaliteStore(directory)).close();
    return false;
  } catch (cause) {
    return cause instanceof DatabaseFailure && cause.kind === "locked";
  }
};

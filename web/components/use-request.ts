import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** The result of a request, or why it failed; neither until the first response. */
interface RequestState<Result> {
  readonly result?: Result;
  readonly failure?: Error;
}

const toError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));

/**
 * Sends a request, and again when it changes. Only the last one counts: an earlier one is aborted. The result stays until
 * the next one.
 *
 * @param request stable as long as it requests the same
 */
export const useRequest = <Result>(request: (signal: AbortSignal) => Promise<Result>) => {
  const [state, setState] = useState<RequestState<Result>>({});
  const controller = useRef<AbortController>(undefined);
  const reload = useCallback(async (): Promise<void> => {
    controller.current?.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    setState((current) => (current.failure === undefined ? current : {}));
    let next: RequestState<Result>;
    try {
      next = { result: await request(signal) };
    } catch (cause) {
      next = { failure: toError(cause) };
    }
    if (!signal.aborted) setState(next);
  }, [request]);
  useEffect(() => {
    void reload();
    return () => controller.current?.abort();
  }, [reload]);
  return {
    ...state,
    /** Sends the request again. */
    reload,
    /** Changes the result, if there is one. */
    update: useCallback(
      (change: (result: Result) => Result): void =>
        setState((current) => (current.result === undefined ? current : { result: change(current.result) })),
      [],
    ),
  };
};

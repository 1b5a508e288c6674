import type { ComponentChildren } from "preact";

interface FailureProps {
  /** What failed. */
  readonly title: string;
  /** Why, and what to do. */
  readonly message: string;
  /** Buttons that help. */
  readonly children?: ComponentChildren;
}

/** A failure, with what the user can do. */
export const Failure = ({ title, message, children }: FailureProps) => (
  <div class="failure" role="alert">
    <strong>{title}</strong>
    <p>{message}</p>
    {children}
  </div>
);

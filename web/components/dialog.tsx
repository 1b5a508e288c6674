import "./dialog.css";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: ComponentChildren;
  /** Called when the user closes the dialog, also with Escape. The element that had the focus has it again. */
  readonly onClose: () => void;
  /** Whether the user cannot close it now. @default false */
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

/** A modal dialog. It is open as long as it is rendered. */
export const Dialog = ({ title, onClose, isBusy = false, children }: DialogProps) => {
  const ref = useRef<HTMLDialogElement>(null);
  const isOpen = useRef(true);
  const titleId = useId();
  // Before the next event, which could move the focus.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      isOpen.current = false;
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (isBusy) event.preventDefault();
      }}
      onClose={() => {
        // The browser reports the end of the dialog later, also if its owner has ended it.
        if (!isOpen.current) return;
        // The second Escape in a row closes a dialog without asking.
        if (isBusy) ref.current?.showModal();
        else onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
};

/** Says why a list is not up to date. @param failure message of the last failed request; empty after a success */
export const PollingNotice = ({ failure }: { readonly failure: string }) =>
  failure === "" ? null : (
    <p class="library-notice" role="status">
      {failure} The page also tries again by itself.
    </p>
  );

/** Progress of long work. @param percent 0 to 100 @param label what progresses, for screen readers */
export const ProgressBar = ({ percent, label }: { readonly percent: number; readonly label: string }) => (
  <progress class="progress" max={100} value={percent} aria-label={label} />
);

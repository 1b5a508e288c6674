/** What the library shows before the first video. */
export const NoVideos = () => (
  <section class="empty-state">
    <h2>No videos yet</h2>
    <p>
      Upload a video here, or copy files into the drop folder of this machine (<code>.reelway/input</code>) or
      into the input bucket on AWS. They appear here by themselves.
    </p>
    <a class="button button-primary" href="/upload">
      Upload videos
    </a>
    <p class="muted">
      Thumbnails, images and uploads without a route are no videos: see <a href="/?view=jobs">all jobs</a>.
    </p>
  </section>
);

/** What the list of all jobs shows before the first one. */
export const NoJobs = () => (
  <section class="empty-state">
    <h2>No jobs yet</h2>
    <p>Every upload becomes a job. Jobs appear here by themselves.</p>
    <a class="button button-primary" href="/upload">
      Upload files
    </a>
  </section>
);

/** What a list shows if its filters select nothing. @param clearAddress address of the list without filters */
export const NoMatch = ({ noun, clearAddress }: { readonly noun: string; readonly clearAddress: string }) => (
  <section class="empty-state">
    <h2>No {noun} match</h2>
    <p>Try a part of the file name, or another status, route or engine.</p>
    <a class="button" href={clearAddress}>
      Clear the filters
    </a>
  </section>
);

/** What a list shows while its first page loads. */
export const Skeleton = ({ noun }: { readonly noun: string }) => (
  <div class="library-skeleton">
    <p class="visually-hidden" role="status">
      Loading {noun}
    </p>
    {Array.from({ length: 12 }, (_, index) => (
      <div key={index} class="library-skeleton-card" aria-hidden="true" />
    ))}
  </div>
);

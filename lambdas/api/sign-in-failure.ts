/** Why a sign-in failed; the message is shown to the user. */
export class SignInFailure extends Error {
  readonly status: 400 | 403 | 429 | 502 | 503;
  /** Further response headers. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: SignInFailure["status"],
    message: string,
    {
      cause,
      headers = {},
    }: { readonly cause?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, { cause });
    this.name = "SignInFailure";
    this.status = status;
    this.headers = headers;
  }
}

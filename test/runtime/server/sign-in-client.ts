/** A browser without scripts: it keeps cookies, and follows redirects when asked. */
export class SignInClient {
  /** Cookies by origin, then by name. */
  readonly cookies = new Map<string, Map<string, string>>();

  /** Sends a request with the cookies of its origin, and keeps those of the response. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...init.headers, ...(cookie === "" ? {} : { cookie }) };
    const response = await fetch(url, { redirect: "manual", ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; *(Max-Age=0|Expires=Thu, 01 Jan 1970)/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /**
   * Starts a sign-in and fills in the forms of the provider, up to the URL where the provider sends the browser back.
   *
   * @param login undefined cancels at the first form
   */
  async openCallback(startUrl: string, login: string | undefined): Promise<string> {
    let url = startUrl;
    let response = await this.send(url);
    for (let step = 0; step < 20; step += 1) {
      const location = response.headers.get("location");
      if (location === null) {
        const page = await response.text();
        const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
        const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
        if (action === undefined || prompt === undefined)
          throw new Error(`${url} has no form: ${response.status} ${page}`);
        response =
          login === undefined
            ? await this.send(`${action}/abort`)
            : await this.send(action, {
                method: "POST",
                body: new URLSearchParams({ prompt, login, password: "any" }),
              });
      } else {
        url = new URL(location, url).href;
        if (new URL(url).pathname === "/sign-in/callback") return url;
        response = await this.send(url);
      }
    }
    throw new Error("The provider sends the browser in circles.");
  }
}

const maxPathLength = 2048;

/** Whether a text is a path of this server, as browsers read it: they take `//` and `\` for the start of a host name. */
const isLocalPath = (text: string): boolean =>
  text.length <= maxPathLength && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text);

/** Returns the path to open after a sign-in: one of this server, and not of the sign-in itself, else the page. */
export const toLocalPath = (text: string | undefined): string =>
  text !== undefined && isLocalPath(text) && !/^\/sign-(in|out)(?![\w-])/.test(text) ? text : "/";

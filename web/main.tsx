import { render } from "preact";
import { loadChannels } from "./api/channels.ts";
import { loadSession } from "./api/session.ts";
import { App } from "./app.tsx";
import "./style/base.css";
import "./style/components.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root.");
render(<App />, root);
if (!window.location.pathname.startsWith("/shared/"))
  // Without a connection, the views say so, and read what they need again.
  await Promise.all([loadSession(), loadChannels()]).catch(() => undefined);

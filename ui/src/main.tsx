import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./design/tokens.css";
import { createQueryClient, followChanges, onWriteFailed, setTransport, startChanges } from "./engine";
import { setLanguage, systemLanguage } from "./i18n";
import { App } from "./shell/app";
import { tellError } from "./shell/trouble";

// Screens without an engine, for looking at them; never part of a production build.
if (import.meta.env.DEV && new URLSearchParams(location.search).has("fixture")) {
  const { fixtureTransport } = await import("./testing/fixture");
  setTransport(fixtureTransport(location.search));
}

const client = createQueryClient();
followChanges(client);
onWriteFailed(tellError);
startChanges();

const root = createRoot(document.getElementById("root")!);
// The first words that are seen are in the person's language; where they can't be had, in English.
void setLanguage(systemLanguage()).finally(() =>
  root.render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  ),
);

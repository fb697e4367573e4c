import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The engine of a browser session; see src/engine/http.ts.
const engine = "http://127.0.0.1:5184";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  clearScreen: false,
  // Relative addresses, so that the built files work from any place.
  base: "./",
  server: {
    host: "127.0.0.1",
    port: 5183,
    strictPort: true,
    // The fixture shows letters with the helper that the engine puts into their frame.
    fs: { allow: [".", "../src-tauri/engine/src/part"] },
    proxy: { "/door": engine, "/changes": engine, "/mail": engine },
  },
  preview: {
    host: "127.0.0.1",
    port: 5185,
    strictPort: true,
    proxy: { "/door": engine, "/changes": engine, "/mail": engine },
  },
  build: {
    // WebKitGTK and WKWebView speak Safari's dialect; nothing newer is used.
    target: "safari16.4",
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    // Screens are whole windows; a loaded machine takes its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

/**
 * Runs a page in headless Chromium: serves a folder on the loopback interface, opens it, and waits for the page to post its
 * report to `/report`.
 *
 * @module
 */

import { join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { exists } from "./_repository.ts";

/** Where the browser is looked for; the variable `CHROMIUM` comes first. */
const CHROMIUM: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Keeps a browser without a profile from calling anyone. */
const QUIET: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The two headers that make a page cross-origin isolated, so that it may share memory with workers. */
export const ISOLATED: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** By file name ending. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  wasm: "application/wasm",
};

/** What a page said and what it loaded. */
export interface PageRun {
  /** The JSON that the page posted. */
  readonly report: unknown;
  /** The files that it loaded, with their size after gzip, in bytes. */
  readonly loaded: readonly { readonly path: string; readonly gzip: number }[];
}

/** What to open, and how. */
export interface PageOptions {
  /** The folder to serve. */
  readonly folder: string;
  /** The page, relative to the folder, with its query; `index.html` where it is left out. */
  readonly page?: string;
  /** Response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds to wait for the report; 120 where it is left out. */
  readonly timeout?: number;
}

/** Returns the path of Chromium. */
function findChromium(): string {
  const named = Deno.env.get("CHROMIUM");
  const found = named ?? CHROMIUM.find(exists);
  if (found !== undefined) return found;
  throw new Error(`Cannot find Chromium\n  looked at: ${CHROMIUM.join(", ")}\n  try: name it in the variable CHROMIUM`);
}

/**
 * Opens a page and returns what it posts to `/report`.
 *
 * @throws {Error} If the page does not report in time; the message holds what the browser wrote.
 */
export async function runPage(
  { folder, page = "index.html", headers = {}, timeout = 120 }: PageOptions,
): Promise<PageRun> {
  const loaded: { path: string; gzip: number }[] = [];
  let resolve: (report: unknown) => void = () => {};
  const reported = new Promise<unknown>((done) => resolve = done);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = normalize(decodeURIComponent(new URL(request.url).pathname)).replace(/^\/+/, "");
    if (request.method === "POST" && path === "report") {
      resolve(await request.json());
      return new Response(null, { status: 204, headers });
    }
    const file = join(folder, path === "" ? "index.html" : path);
    if (path.startsWith("..") || !exists(file)) return new Response(null, { status: 404, headers });
    const body = await Deno.readFile(file);
    loaded.push({ path, gzip: gzipSync(body, { level: 9 }).length });
    const type = MEDIA_TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return new Response(body, { headers: { "Content-Type": type, ...headers } });
  });
  const profile = await Deno.makeTempDir();
  const url = `http://127.0.0.1:${server.addr.port}/${page}`;
  const browser = new Deno.Command(findChromium(), {
    args: [...QUIET, "--enable-logging=stderr", `--user-data-dir=${profile}`, url],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const written = new Response(browser.stderr).text();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((done) => timer = setTimeout(() => done(undefined), timeout * 1000));
  try {
    const report = await Promise.race([reported, late]);
    if (report !== undefined) return { report, loaded };
  } finally {
    clearTimeout(timer);
    browser.kill();
    await browser.status;
    await server.shutdown();
    await removeProfile(profile);
  }
  const log = (await written).split("\n").filter((line) => line.includes("CONSOLE")).join("\n");
  throw new Error(`Cannot get a report of ${page} within ${timeout} s\n${log}`);
}

/** Removes the browser's folder; its helpers may still be writing there for a moment. */
async function removeProfile(profile: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return await Deno.remove(profile, { recursive: true });
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

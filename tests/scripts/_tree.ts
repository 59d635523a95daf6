/**
 * Small broken repositories for the tests of the checks.
 *
 * @module
 */

import { dirname, join } from "node:path";

/** Writes `files` (path to text) into a fresh folder, hands it to `body`, and removes it. */
export async function withTree<T>(
  files: Readonly<Record<string, string>>,
  body: (root: string) => T | Promise<T>,
): Promise<T> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const [path, text] of Object.entries({ "deno.json": "{}", ...files })) {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    return await body(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/**
 * Starts penjing at import: the one module with a top-level await, and a leaf, so that nothing waits in a cycle.
 *
 * @module
 */

import { init } from "./init.ts";

await init();

/**
 * What the package shows as `pz.backend`.
 *
 * @module
 */

export { type BackendInfo, backendInfo as info, startWorkers } from "./init.ts";

/**
 * The kernels and the engine that runs them.
 *
 * @module
 */

export * from "./builds.ts";
export * from "./dtype.ts";
export * from "./elementwise.ts";
export * from "./engine.ts";
export * from "./init.ts";
export * from "./instance.ts";
export * from "./kernels.ts";
export * from "./layout.ts";
export * from "./memory.ts";
export * from "./operand.ts";
export * from "./plan.ts";
export * from "./probe.ts";

/**
 * Picks the fastest of several ways to do the same, so that a peer is never measured by a slow way to use it.
 *
 * @module
 */
import type { Job } from "../contract.ts";

/** Runs of each job, of which the first is not counted. */
const RUNS = 4;

/** The job with the shortest run; disposes of the others. `undefined` if there is none. */
export async function fastest(jobs: readonly Job[]): Promise<Job | undefined> {
  if (jobs.length < 2) return jobs[0];
  let best: { readonly job: Job; readonly time: number } | undefined;
  for (const job of jobs) {
    let time = Infinity;
    for (let i = 0; i < RUNS; i++) {
      const start = performance.now();
      await job.run();
      if (i > 0) time = Math.min(time, performance.now() - start);
    }
    if (best && best.time <= time) {
      job.dispose();
    } else {
      best?.job.dispose();
      best = { job, time };
    }
  }
  return best?.job;
}

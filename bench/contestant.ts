/**
 * The harness's end of an engine process: starts it, asks, and notices when it dies.
 *
 * @module
 */
import type { Reply, Request, Sample, Spec } from "./contract.ts";

/** A job that waits inside an engine process. */
export interface Prepared {
  readonly contestant: Contestant;
  readonly job: number;
  readonly sample: Sample | undefined;
}

/** No single request takes this long unless the process hangs: a batch is tens of milliseconds. */
const PATIENCE_MILLISECONDS = 120_000;

/** A library in a process of its own. */
export class Contestant {
  /** The library's name. */
  readonly name: string;
  #about = "";
  #child: Deno.ChildProcess;
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #reader: ReadableStreamDefaultReader<string>;
  #rest = "";
  #alive = true;

  private constructor(name: string, options: readonly string[]) {
    this.name = name;
    this.#child = new Deno.Command(Deno.execPath(), {
      // No lock file: the peers are the benchmark's business, not the project's.
      args: ["run", "-A", "--quiet", "--no-lock", new URL("./engine.ts", import.meta.url).href, name, ...options],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Starts a library; fails when it cannot be loaded. `build` is for penjing alone. */
  static async start(name: string, threads: number, build?: string): Promise<Contestant> {
    const contestant = new Contestant(name, build === undefined ? [`${threads}`] : [`${threads}`, build]);
    contestant.#about = (await contestant.#reply()).about ?? "";
    return contestant;
  }

  /** What the library says it is. */
  get about(): string {
    return this.#about;
  }

  /** Whether the process can still be asked. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Makes a spec ready; `undefined` when the library does not have it. */
  async prepare(spec: Spec): Promise<Prepared | undefined> {
    const reply = await this.#ask({ do: "prepare", spec });
    return reply.job === undefined ? undefined : { contestant: this, job: reply.job, sample: reply.sample };
  }

  /** Seconds of one run, over a batch. */
  async batch(prepared: Prepared, milliseconds: number): Promise<number> {
    return (await this.#ask({ do: "batch", job: prepared.job, milliseconds })).seconds!;
  }

  /** Frees a job. */
  async drop(prepared: Prepared): Promise<void> {
    await this.#ask({ do: "drop", job: prepared.job });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#alive) {
      this.#alive = false;
      await this.#writer.close().catch(() => {});
    }
    await this.#child.status;
  }

  async #ask(request: Request): Promise<Reply> {
    if (!this.#alive) throw new Error(`Cannot ask ${this.name}: its process has ended`);
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n")).catch(() => this.#ended());
    const reply = await this.#reply();
    if (reply.error !== undefined) throw new Error(`${this.name} failed to ${request.do}: ${reply.error}`);
    return reply;
  }

  async #reply(): Promise<Reply> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
    try {
      while (!this.#rest.includes("\n")) {
        const { done, value } = await this.#reader.read();
        if (done) return await this.#ended();
        this.#rest += value;
      }
    } finally {
      clearTimeout(timer);
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(line) as Reply;
  }

  async #ended(): Promise<never> {
    this.#alive = false;
    const { code, signal } = await this.#child.status;
    throw new Error(`${this.name} has ended by itself (code ${code}, signal ${signal})`);
  }
}

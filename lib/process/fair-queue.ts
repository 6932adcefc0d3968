/** Too much waits already. The client may try again in a moment. */
export class OverloadedError extends Error {
  readonly status = 503;
}

/** For whom a task runs. */
export interface Turn {
  /** Clients take turns: one with many tasks delays only itself. */
  client: string;
  /** Those of clients that are known run first, and have room of their own. */
  isKnown: boolean;
}

interface WaitingTask {
  start: () => void;
  reject: (error: OverloadedError) => void;
}

/** The tasks that wait, by client; the client whose turn is next comes first. */
class Lane {
  private readonly clients = new Map<string, WaitingTask[]>();
  private size = 0;

  constructor(private readonly max: number) {}

  /** Adds a task. A full lane drops the newest task of the client that has the most, which may be this one. */
  add(client: string, task: WaitingTask): void {
    const own = this.clients.get(client) ?? [];
    this.clients.set(client, own);
    own.push(task);
    this.size += 1;
    if (this.size > this.max) this.dropOne(client);
  }

  private dropOne(newcomer: string): void {
    let largest = newcomer;
    for (const [client, tasks] of this.clients)
      if (tasks.length > (this.clients.get(largest)?.length ?? 0)) largest = client;
    const dropped = this.clients.get(largest)?.pop();
    this.settle(largest);
    dropped?.reject(new OverloadedError('Too many passwords wait to be checked'));
  }

  /** Takes the next task, and puts its client behind the others. */
  take(): WaitingTask | undefined {
    const [next] = this.clients;
    if (!next) return undefined;
    const [client, tasks] = next;
    const task = tasks.shift();
    this.clients.delete(client);
    this.clients.set(client, tasks);
    this.settle(client);
    return task;
  }

  private settle(client: string): void {
    this.size -= 1;
    if (this.clients.get(client)?.length === 0) this.clients.delete(client);
  }
}

export interface FairQueueOptions {
  /** Tasks that run at once. */
  concurrency: number;
  /** Tasks that may wait of known clients, and of others. */
  maxKnown: number;
  maxOthers: number;
}

/** Runs a few tasks at a time, fairly by client, and refuses at once what would have to wait too long. */
export class FairQueue {
  private readonly lanes: Lane[];
  private running = 0;

  constructor(private readonly options: FairQueueOptions) {
    this.lanes = [new Lane(options.maxKnown), new Lane(options.maxOthers)];
  }

  /** @throws OverloadedError */
  async run<Result>({ client, isKnown }: Turn, task: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.options.concurrency) await this.wait(client, isKnown);
    else this.running += 1;
    try {
      return await task();
    } finally {
      this.startNext();
    }
  }

  private wait(client: string, isKnown: boolean): Promise<void> {
    return new Promise((start, reject) => this.lanes[isKnown ? 0 : 1]?.add(client, { start, reject }));
  }

  /** Hands the place of a task that has ended to the next one. */
  private startNext(): void {
    for (const lane of this.lanes) {
      const task = lane.take();
      if (!task) continue;
      task.start();
      return;
    }
    this.running -= 1;
  }
}

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

interface PendingCommand {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** Longer than a page may take to load. */
const ANSWER_TIMEOUT_MS = 90_000;

/** Firefox's remote control: `LENGTH:[type, id, command, parameters]` over TCP, an answer to each in turn. */
export class Marionette {
  private readonly socket: Socket;
  private received = Buffer.alloc(0);
  private commands = 0;
  private readonly pending: PendingCommand[] = [];
  private hasGreeted = false;

  private constructor(port: number) {
    this.socket = createConnection(port, '127.0.0.1');
    this.socket.on('data', (data: Buffer) => {
      this.received = Buffer.concat([this.received, data]);
      this.readMessages();
    });
    this.socket.on('error', (error) => this.rejectPending(error));
    this.socket.on('close', () => this.rejectPending(new Error('Firefox has closed the connection')));
  }

  static async connect(port: number): Promise<Marionette> {
    const marionette = new Marionette(port);
    await once(marionette.socket, 'connect', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return marionette;
  }

  /** @throws Error with the command's name and what Firefox says; a Firefox that says nothing is given up. */
  sendCommand(name: string, parameters: object = {}): Promise<unknown> {
    this.commands += 1;
    const text = JSON.stringify([0, this.commands, name, parameters]);
    const silence = setTimeout(
      () => this.socket.destroy(new Error('Firefox does not answer')),
      ANSWER_TIMEOUT_MS,
    );
    const answer = new Promise((resolve, reject) => {
      this.pending.push({ resolve, reject: (error) => reject(new Error(`${name}: ${error.message}`)) });
      this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
    return answer.finally(() => clearTimeout(silence));
  }

  close(): void {
    this.socket.destroy();
  }

  private readMessages(): void {
    for (;;) {
      const colon = this.received.indexOf(':');
      const end = colon + 1 + Number(this.received.subarray(0, Math.max(0, colon)).toString());
      if (colon < 0 || this.received.length < end) return;
      const message = this.received.subarray(colon + 1, end).toString();
      this.received = this.received.subarray(end);
      // The first message is its greeting.
      if (this.hasGreeted) this.answer(JSON.parse(message) as [number, number, object | null, unknown]);
      this.hasGreeted = true;
    }
  }

  private answer([, , error, result]: [number, number, object | null, unknown]): void {
    const asked = this.pending.shift();
    if (error) asked?.reject(new Error(JSON.stringify(error)));
    else asked?.resolve(result);
  }

  private rejectPending(error: Error): void {
    for (const { reject } of this.pending.splice(0)) reject(error);
  }
}

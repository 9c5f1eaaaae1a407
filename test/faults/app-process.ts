import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the app is started with, beside its database: a server's URL, or a folder for the embedded one. */
export interface AppOptions {
  url?: string;
  folder?: string;
  appId: number;
  privateKey: string;
  webhookSecret: string;
  port: number;
  baseUrl: string;
}

/** The real app, as it is built, in a process of its own. */
export interface AppProcess {
  start(options: AppOptions): Promise<void>;
  /** Resolves when no work is left. */
  idle(): Promise<void>;
  sweep(): Promise<void>;
  /** Ends the app; the process stays, and can start another one. */
  stop(): Promise<void>;
  /** SIGKILL: it cannot do anything about it. */
  kill(): void;
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** Starts a process that waits to be told what to start. */
export function forkApp(env: NodeJS.ProcessEnv): AppProcess {
  const child: ChildProcess = fork(fileURLToPath(new URL('./app-process.mjs', import.meta.url)), {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: process.env.LOG_LEVEL, ...env },
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  let isGone = false;
  let last = 0;
  child.on('message', ({ id, error }: { id: number; error?: string }) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve();
    else one?.reject(new Error(error));
  });
  child.once('exit', (code, signal) => {
    isGone = true;
    for (const { reject } of waiting.values()) reject(new Error(`the app ended: ${signal ?? code}`));
    waiting.clear();
  });
  const ask = (act: string, options?: AppOptions) =>
    new Promise<void>((resolve, reject) => {
      if (isGone) return reject(new Error('the app has ended'));
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ id: last, act, options });
    });
  return {
    start: (options) => ask('start', options),
    idle: () => ask('idle'),
    sweep: () => ask('sweep'),
    stop: () => ask('stop'),
    kill() {
      isGone = true;
      child.kill('SIGKILL');
    },
  };
}

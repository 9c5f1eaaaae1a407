import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { App } from '../../src/sandbox/state.ts';

const run = promisify(execFile);

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** An Octokit that acts as the App, or as one of its installations. */
export function octokitForApp(
  sandbox: Sandbox,
  app: App & { privateKeyPem: string },
  installationId?: number,
) {
  // auth-app takes an `installationId` that is there but undefined for a mistake.
  const installation = installationId === undefined ? {} : { installationId };
  const auth = { appId: app.id, privateKey: app.privateKeyPem, ...installation };
  return new Octokit({ baseUrl: sandbox.url, authStrategy: createAppAuth, auth, log: silent });
}

export function octokitForToken(sandbox: Sandbox, token?: string) {
  return new Octokit({ baseUrl: sandbox.url, auth: token, log: silent });
}

/** The status with which a call was refused; fails when it was not. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || !('response' in error)) throw error;
  const { status, data } = error.response as { status: number; data: { message: string } };
  return { status, message: data.message };
}

/** Runs the git program as a user would, without the user's configuration. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  const person = { NAME: 'alice', EMAIL: 'alice@users.noreply.github.com' };
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: person.NAME,
    GIT_AUTHOR_EMAIL: person.EMAIL,
    GIT_COMMITTER_NAME: person.NAME,
    GIT_COMMITTER_EMAIL: person.EMAIL,
  };
  const { stdout } = await run('git', args, { cwd: directory, env });
  return stdout.trim();
}

export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A server that keeps every webhook that it gets. */
export async function webhookReceiver(): Promise<{
  url: string;
  received: Received[];
  stop(): Promise<void>;
}> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received, stop };
}
